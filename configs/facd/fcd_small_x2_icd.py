# Table 6, ICD: the contrast of images instead of features, no gate, as FCD has none.
_base_ = ["facd_small_x2_icd.py"]
model = dict(
    distill=dict(
        indicators=dict(alpha=dict(_delete_=True, type="AlwaysOne", args=dict(like="student.out")))
    )
)
