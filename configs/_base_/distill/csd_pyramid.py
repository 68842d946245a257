# CSD where VGG-19's weights cannot be had: no reproduction, see configs/csd/README.md.
_base_ = ["csd.py"]
distill = dict(
    losses=dict(loss_contrast=dict(features=dict(_delete_=True, type="GradientPyramid")))
)
