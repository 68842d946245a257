# As lgrnet_x2_small.py, with twenty training images kept back to measure on.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/train_crops_heldout_x2.py",
    "../_base_/schedules/small_20k.py",
]
model = dict(generator=dict(type="LGRNet", preset="T", scale=2))
