# Twenty steps on a CPU of facd_small_x2_sa.py: does it run?
_base_ = ["facd_x2_fcd_debug.py"]
model = dict(
    distill=dict(
        adapters=dict(
            _delete_=True,
            S=dict(type="AffinityMap", on="student.f*"),
            T=dict(type="AffinityMap", on="teacher.f*"),
        ),
        losses=dict(loss_contrast=dict(args=dict(student="S.f*", teacher="T.f*"))),
    )
)
