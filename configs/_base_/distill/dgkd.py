# Densely guided distillation (ICCV 2021) on images: teacher and assistant both teach, and each is
# left out of a quarter of the steps. Its weights are for class scores; here a half is the truth and
# the guides share the other.
_base_ = "../models/restorer.py"
guides = ["teacher.out", "assistant.out"]
model = dict(
    type="DistillEditModel",
    generator=dict(type="LGRNet", preset="T", scale=2),
    pixel_loss=dict(loss_weight=0.5),
    distill=dict(
        teachers=dict(
            teacher=dict(checkpoint="span-ncnn:spanx2_ch52"),
            assistant=dict(checkpoint="span-ncnn:spanx2_ch48"),
        ),
        indicators=dict(guide=dict(type="RandomGuide", keep=0.75, args=dict(teachers=guides))),
        losses=dict(
            loss_guides=dict(
                type="GuidanceLoss",
                weight=0.5 / len(guides),
                args=dict(student="student.out", teachers=guides, gates="ind.guide"),
            )
        ),
    ),
)
