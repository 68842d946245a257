# ECBSR-M4C16 on RGB; the original works on luminance, see ecbsr-m4c16-y.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x4.py",
    "../_base_/datasets/benchmarks_x4.py",
    "../_base_/schedules/ecbsr.py",
]
model = dict(generator=dict(type="ECBSR", channels=16, num_blocks=4, scale=4))
train_dataloader = dict(batch_size=32, dataset=dict(lr_patch=32))
