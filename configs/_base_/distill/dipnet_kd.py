# Several anchors, as DIPNet (CVPRW 2023) distils and as its followers write it down: features at
# several depths + the teacher's image + the truth, three terms without weights. Learnt 1x1
# convolutions lift the student's features to SPAN's 48 channels.
_base_ = "../models/restorer.py"
channels = 44
model = dict(
    type="DistillEditModel",
    generator=dict(type="DIPNet", channels=channels, scale=2),
    distill=dict(
        teachers=dict(teacher=dict(checkpoint="span-ncnn:spanx2_ch48")),
        taps=dict(
            student=dict(a1="block_1", a2="block_2", a3="block_3", a4="block_4"),
            teacher=dict(a1="block_2", a2="block_3", a3="block_5", a4="block_6"),
        ),
        adapters=dict(
            R=dict(type="Conv1x1", on="student.a*", in_channels=channels, out_channels=48)
        ),
        losses=dict(
            loss_anchors=dict(
                type="FeatureL1Loss", args=dict(student="R.a*", teacher="teacher.a*")
            ),
            loss_teacher=dict(
                type="SoftTargetLoss", args=dict(student="student.out", teacher="teacher.out")
            ),
        ),
    ),
)
