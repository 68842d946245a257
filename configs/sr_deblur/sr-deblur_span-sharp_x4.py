# SPAN by itself, on sharp LR images alone: the second half of the cascade.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/df2k_x4.py",
    "../_base_/datasets/benchmarks_x4.py",
    "../_base_/schedules/sr_deblur.py",
]
model = dict(generator=dict(type="SPAN", channels=48, scale=4))
