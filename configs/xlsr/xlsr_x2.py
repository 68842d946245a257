# XLSR with the recipe of cxzhou95/XLSR, without its random darkening of the images.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/xlsr.py",
]
model = dict(
    generator=dict(type="XLSR", scale=2), pixel_loss=dict(type="CharbonnierLoss", eps=0.01)
)
train_dataloader = dict(dataset=dict(lr_patch=32))
