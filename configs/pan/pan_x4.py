# PAN, the authors' train_PANx4.yml: L1, batch 32, LR 64x64, DIV2K and Flickr2K.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/df2k_x4.py",
    "../_base_/datasets/benchmarks_x4.py",
    "../_base_/schedules/pan.py",
]
model = dict(generator=dict(type="PAN", scale=4))
train_dataloader = dict(batch_size=32, dataset=dict(lr_patch=64))
