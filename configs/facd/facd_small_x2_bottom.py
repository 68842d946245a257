# Table 10, FCD(FAB): the last tap weighs most instead of the first, no gate.
_base_ = ["facd_small_x2_fcd.py"]
model = dict(distill=dict(losses=dict(loss_contrast=dict(tap_weights=[0.2, 0.3, 0.5]))))
