# The float network teaches its quantised copy (Eq. 7, LGR-Net 2025): same shapes, so no adapters.
alpha, beta, gamma = 0.25, 0.25, 0.5
taps = dict(
    local1="body.0",
    local2="body.1",
    local3="body.2",
    local4="body.3",
    fused=dict(path="upsampler", role="input"),
)
distill = dict(
    taps=dict(student=taps, teacher=taps),
    losses=dict(
        loss_local=dict(
            type="FeatureL1Loss",
            weight=alpha,
            args=dict(student="student.local*", teacher="teacher.local*"),
        ),
        loss_global=dict(
            type="HighFrequencyLoss",
            weight=alpha,
            args=dict(student="student.fused", teacher="teacher.fused"),
        ),
        loss_teacher=dict(
            type="SoftTargetLoss",
            weight=beta,
            args=dict(student="student.out", teacher="teacher.out"),
        ),
    ),
)
