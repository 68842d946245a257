# ECBSR-M4C16 on luminance, as published: L1, batch 32, HR 128x128.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/ecbsr.py",
]
model = dict(
    generator=dict(
        type="LumaOnly",
        network=dict(
            type="ECBSR", in_channels=1, out_channels=1, channels=16, num_blocks=4, scale=2
        ),
    ),
    pixel_loss=dict(_delete_=True, type="LumaLoss", loss=dict(type="L1Loss")),
)
train_dataloader = dict(batch_size=32, dataset=dict(lr_patch=64))
