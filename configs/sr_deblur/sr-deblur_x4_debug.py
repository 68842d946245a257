# Twenty steps of both tasks at once on a CPU, on pictures every installation has: does it run?
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/sr_deblur.py",
    "../_base_/datasets/sr_deblur_debug_x4.py",
    "../_base_/datasets/sr_deblur_small_tests_x4.py",
    "../_base_/schedules/debug_20.py",
]
model = dict(generator=dict(channels=8, num_blocks=1, sr_channels=8, sr_blocks=2))
default_hooks = dict(logger=dict(interval=1), checkpoint=dict(interval=10))
log_processor = dict(window_size=1)
