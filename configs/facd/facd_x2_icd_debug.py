# Twenty steps on a CPU of facd_small_x2_icd.py: does it run?
_base_ = ["facd_x2_debug.py"]
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
