# Table 10: the last tap weighs most instead of the first.
_base_ = ["facd_small_x2.py"]
model = dict(distill=dict(losses=dict(loss_contrast=dict(tap_weights=[0.2, 0.3, 0.5]))))
