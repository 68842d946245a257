# Table 7: InfoNCE instead of the ratio.
_base_ = ["facd_small_x2.py"]
model = dict(distill=dict(losses=dict(loss_contrast=dict(type="InfoNCELoss"))))
