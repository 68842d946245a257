# Table 10, FCD(FAA): taps weighted alike, no gate.
_base_ = ["facd_small_x2_fcd.py"]
model = dict(distill=dict(losses=dict(loss_contrast=dict(tap_weights=[1 / 3, 1 / 3, 1 / 3]))))
