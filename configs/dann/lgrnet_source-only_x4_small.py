# Where adaptation begins, trained on visible light alone; of the pairs it takes the source.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/visible_thermal_small_x4.py",
    "../_base_/schedules/small_20k.py",
]
model = dict(generator=dict(type="LGRNet", preset="T", scale=4))
