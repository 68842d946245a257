# PAN, the authors' train_PANx2.yml: L1, batch 32, LR 64x64, DIV2K and Flickr2K. One
# version of that file has a Charbonnier loss at x2; the paper and the other scales have L1.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/df2k_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/pan.py",
]
model = dict(generator=dict(type="PAN", scale=2))
train_dataloader = dict(batch_size=32, dataset=dict(lr_patch=64))
