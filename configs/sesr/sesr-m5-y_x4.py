# SESR-M5 on luminance, as published: batch 32, LR 50x50.
# The authors start x4 from the body of x2: set load_from to that for the same.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x4.py",
    "../_base_/datasets/benchmarks_x4.py",
    "../_base_/schedules/sesr.py",
]
model = dict(
    generator=dict(
        type="LumaOnly",
        network=dict(type="SESR", in_channels=1, out_channels=1, num_blocks=5, scale=4),
    ),
    pixel_loss=dict(_delete_=True, type="LumaLoss", loss=dict(type="L1Loss")),
)
train_dataloader = dict(batch_size=32, dataset=dict(lr_patch=50))
