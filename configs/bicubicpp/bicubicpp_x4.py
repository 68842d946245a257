# Bicubic++ with its published schedule, on clean LR images (theirs were JPEG files of quality 90).
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x4.py",
    "../_base_/datasets/benchmarks_x4.py",
    "../_base_/schedules/bicubicpp.py",
]
model = dict(generator=dict(type="BicubicPlusPlus", scale=4), pixel_loss=dict(type="MSELoss"))
train_dataloader = dict(dataset=dict(lr_patch=72))
