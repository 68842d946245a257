# First deblurring, then super-resolution, each trained by itself before: what the integrated model
# is compared with. MIMO-UNet is narrower here: 973k multiply-adds for an LR pixel in all, 921k of
# the integrated model.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/sr_blurred_x4.py",
    "../_base_/datasets/benchmarks_x4.py",
    "../_base_/schedules/sr_deblur.py",
]
model = dict(
    generator=dict(
        type="Cascade",
        first=dict(type="MIMOUNet", channels=24),
        second=dict(type="SPAN", channels=48, scale=4),
    )
)
init_from = [
    dict(checkpoint="{stage:mimo-unet-c24}", into="first"),
    dict(checkpoint="{stage:span-sharp}", into="second"),
]
