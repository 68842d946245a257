# The float network teaches its quantised copy (Eq. 7, LGR-Net 2025): same shapes, so no adapters.
# Which tensors, the config that builds on this says: taps local* and fused.
alpha, beta, gamma = 0.25, 0.25, 0.5
self_losses = dict(
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
)
