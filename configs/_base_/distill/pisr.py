# The distillation of PISR 2020 for any teacher: variational, of the feature that enters the up-
# sampler. Its weight of 1e-6 is for images of 0..1 already.
_base_ = "../models/restorer.py"
model = dict(
    type="DistillEditModel",
    pixel_loss=dict(loss_weight=1.0),
    distill=dict(
        losses=dict(
            loss_vid=dict(
                type="VIDLoss",
                weight=1e-6,
                in_channels=64,
                out_channels=256,
                args=dict(student="student.f3", teacher="teacher.f3"),
            ),
        )
    ),
)
