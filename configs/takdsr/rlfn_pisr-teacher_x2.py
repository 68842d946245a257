# Teacher of PISR': compact features of any value, as Table 9 calls "continuous".
_base_ = ["rlfn_teacher_x2.py"]
model = dict(generator=dict(discretise=False))
