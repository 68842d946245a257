# The contrast of images instead of features, with the gate of FACD. Table 6 has none: that is
# fcd_small_x2_icd.py.
_base_ = ["facd_small_x2.py"]
model = dict(
    distill=dict(
        adapters=dict(_delete_=True),
        losses=dict(
            loss_contrast=dict(
                normalise="pixel",
                tap_weights=None,
                args=dict(student="student.out", teacher="teacher.out"),
            )
        ),
    )
)
