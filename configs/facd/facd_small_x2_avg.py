# Taps weighted alike.
_base_ = ["facd_small_x2.py"]
model = dict(distill=dict(losses=dict(loss_contrast=dict(tap_weights=[1 / 3, 1 / 3, 1 / 3]))))
