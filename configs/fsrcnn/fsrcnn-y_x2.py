# FSRCNN on luminance, as published. Data and schedule are PISR's.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/fsrcnn.py",
]
model = dict(
    generator=dict(
        type="LumaOnly", network=dict(type="FSRCNN", in_channels=1, out_channels=1, scale=2)
    ),
    pixel_loss=dict(_delete_=True, type="LumaLoss", loss=dict(type="L1Loss")),
)
train_dataloader = dict(dataset=dict(lr_patch=96))
