# Table 12, FCD(SA): the contrast of spatial affinities, without a regressor or a gate.
_base_ = ["facd_small_x2_fcd.py"]
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
