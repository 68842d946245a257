# SPAN by itself, on sharp and blurred LR images: what the SR branch begins with, and the network
# the integrated model is compared with.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/sr_blurred_x4.py",
    "../_base_/datasets/benchmarks_x4.py",
    "../_base_/schedules/sr_deblur.py",
]
model = dict(generator=dict(type="SPAN", channels=48, scale=4))
