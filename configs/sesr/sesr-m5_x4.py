# SESR-M5 on RGB; the original works on luminance, see sesr-m5-y. Recipe of the paper.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x4.py",
    "../_base_/datasets/benchmarks_x4.py",
    "../_base_/schedules/sesr.py",
]
model = dict(generator=dict(type="SESR", num_blocks=5, scale=4))
train_dataloader = dict(batch_size=32, dataset=dict(lr_patch=50))
