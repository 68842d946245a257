# VDSR on luminance, as published, but for one scale, and with DIV2K for the 291 images.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x4.py",
    "../_base_/datasets/benchmarks_x4.py",
    "../_base_/schedules/vdsr.py",
]
model = dict(
    generator=dict(
        type="LumaOnly", network=dict(type="VDSR", in_channels=1, out_channels=1, scale=4)
    ),
    pixel_loss=dict(_delete_=True, type="LumaLoss", loss=dict(type="MSELoss", reduction="sum")),
)
train_dataloader = dict(batch_size=64, dataset=dict(lr_patch=10))
