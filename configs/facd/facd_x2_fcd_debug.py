# Twenty steps on a CPU of facd_small_x2_fcd.py: does it run?
_base_ = ["facd_x2_debug.py"]
model = dict(
    distill=dict(
        indicators=dict(alpha=dict(_delete_=True, type="AlwaysOne", args=dict(like="student.out")))
    )
)
