# One network for super-resolution x4 and deblurring, both trained; a phase takes one loss out.
_base_ = "./restorer.py"

model = dict(
    type="MultiTaskEditModel",
    generator=dict(type="SRDeblurNet"),
    pixel_loss=dict(
        _delete_=True,
        type="TaskLosses",
        deblur=dict(type="SpectralL1Loss", weight=0.1),
        sr=dict(type="L1Loss", loss_weight=1.0, reduction="mean"),
    ),
)
