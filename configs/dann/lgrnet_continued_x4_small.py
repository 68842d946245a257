# What adaptation is compared with: as many more steps on the same source images, without it.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/visible_thermal_small_x4.py",
    "../_base_/schedules/adapt_small.py",
]
model = dict(generator=dict(type="LGRNet", preset="T", scale=4))
init_from = dict(checkpoint="{stage:source-only}")
