# SRCNN 9-1-5 on RGB: mmagic's network and recipe (published for x4).
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/srcnn.py",
]
model = dict(generator=dict(type="SRCNNNet", upscale_factor=2))
train_dataloader = dict(dataset=dict(lr_patch=32))
