# PAN_s of TAKDSR by itself: one of sixteen blocks.
_base_ = ["rlfn_no-kd_x2.py"]
model = dict(generator=dict(_delete_=True, type="PAN", num_blocks=1, scale=2))
