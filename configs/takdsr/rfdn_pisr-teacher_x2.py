# Teacher of PISR' with RFDN as decoder.
_base_ = ["rfdn_teacher_x2.py"]
model = dict(generator=dict(discretise=False))
