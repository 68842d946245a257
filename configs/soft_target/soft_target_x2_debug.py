# Twenty steps on a CPU, on pictures every installation has: does it run?
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/datasets/debug_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/debug_20.py",
    "../_base_/distill/soft_target.py",
]
default_hooks = dict(logger=dict(interval=1), checkpoint=dict(interval=10))
log_processor = dict(window_size=1)
