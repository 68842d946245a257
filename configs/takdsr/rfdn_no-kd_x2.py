# RFDN_s of TAKDSR by itself: one block, shortened to one stage.
_base_ = ["rlfn_no-kd_x2.py"]
model = dict(generator=dict(_delete_=True, type="RFDN", num_blocks=1, num_stages=1, scale=2))
