# Twenty steps on a CPU of facd_small_x2_infonce.py: does it run?
_base_ = ["facd_x2_fcd_debug.py"]
model = dict(distill=dict(losses=dict(loss_contrast=dict(type="InfoNCELoss"))))
