# Table 7, FCD(InfoNCE): InfoNCE instead of the ratio, no gate.
_base_ = ["facd_small_x2_fcd.py"]
model = dict(distill=dict(losses=dict(loss_contrast=dict(type="InfoNCELoss"))))
