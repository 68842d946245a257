# Table 11, L_SR + lambda L_FACD^off (Eq. 7): the gate is on the images alone, all features count.
_base_ = ["facd_small_x2.py"]
model = dict(
    distill=dict(
        losses=dict(loss_contrast=dict(args=dict(_delete_=True, student="DR.f*", teacher="T.f*")))
    )
)
