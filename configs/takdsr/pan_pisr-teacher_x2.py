# Teacher of PISR' with PAN as decoder.
_base_ = ["pan_teacher_x2.py"]
model = dict(generator=dict(discretise=False))
