# PAN_s with the teacher's weights to begin with and no teaching.
_base_ = ["rlfn_init-only_x2.py"]
model = dict(generator=dict(_delete_=True, type="PAN", num_blocks=1, scale=2))
