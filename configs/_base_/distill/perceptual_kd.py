# Distillation with the terms that the surveys list beside L1: Charbonnier against the truth,
# features of the images against the teacher's, total variation, and a discriminator that holds the
# truth for real. Weights are starting points for [0, 1], of no paper. Features without VGG's
# weights; with them: features=dict(_delete_=True, type="VGG19Features", weights=<file>).
_base_ = "../models/restorer.py"
model = dict(
    type="DistillEditModel",
    generator=dict(type="LGRNet", preset="T", scale=2),
    pixel_loss=dict(_delete_=True, type="CharbonnierLoss", loss_weight=1.0, eps=1e-6),
    distill=dict(
        teachers=dict(teacher=dict(checkpoint="span-ncnn:spanx2_ch48")),
        losses=dict(
            loss_teacher=dict(
                type="CharbonnierLoss",
                eps=1e-6,
                weight=0.5,
                args=dict(pred="student.out", target="teacher.out"),
            ),
            loss_perceptual=dict(
                type="ImageFeatureLoss",
                weight=0.1,
                features=dict(type="GradientPyramid", levels=3),
                args=dict(student="student.out", target="teacher.out"),
            ),
            loss_variation=dict(
                type="TotalVariationLoss", weight=1e-3, args=dict(pred="student.out")
            ),
            loss_gan=dict(
                type="AdversarialLoss",
                discriminator=dict(
                    type="UNetDiscriminatorWithSpectralNorm", in_channels=3, mid_channels=16
                ),
                gan=dict(type="GANLoss", gan_type="vanilla", loss_weight=5e-3),
                args=dict(student="student.out", real="gt"),
            ),
        ),
    ),
)
