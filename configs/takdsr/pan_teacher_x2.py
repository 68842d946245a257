# Stage 1 of TAKDSR with PAN, sixteen blocks, as decoder.
_base_ = ["rlfn_teacher_x2.py"]
model = dict(generator=dict(decoder=dict(_delete_=True, type="PAN", scale=2)))
