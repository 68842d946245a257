# SRCNN 9-5-5 on luminance, as published, with mmagic's schedule.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x4.py",
    "../_base_/datasets/benchmarks_x4.py",
    "../_base_/schedules/srcnn.py",
]
model = dict(
    generator=dict(
        type="LumaOnly",
        network=dict(
            type="SRCNNNet", channels=(1, 64, 32, 1), kernel_sizes=(9, 5, 5), upscale_factor=4
        ),
    ),
    pixel_loss=dict(_delete_=True, type="LumaLoss", loss=dict(type="MSELoss")),
)
train_dataloader = dict(dataset=dict(lr_patch=32))
