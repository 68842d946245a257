# FCD (Tables 4, 6 to 10 and 12): no gate, every sample learns from the teacher.
_base_ = ["facd_small_x2.py"]
model = dict(
    distill=dict(
        indicators=dict(alpha=dict(_delete_=True, type="AlwaysOne", args=dict(like="student.out")))
    )
)
