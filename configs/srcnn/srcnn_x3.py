# SRCNN 9-1-5 on RGB: mmagic's network and recipe (published for x4).
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x3.py",
    "../_base_/datasets/benchmarks_x3.py",
    "../_base_/schedules/srcnn.py",
]
model = dict(generator=dict(type="SRCNNNet", upscale_factor=3))
train_dataloader = dict(dataset=dict(lr_patch=32))
