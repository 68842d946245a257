# Twenty steps on a CPU, on pictures every installation has: does it run?
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/datasets/debug_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/debug_20.py",
    "../_base_/distill/lsfd.py",
    "../_base_/distill/pairs/small_x2.py",
]
model = dict(
    generator={{_base_.student}},
    distill=dict(
        teachers={{_base_.teachers}},
        taps={{_base_.taps}},
        adapters=dict(R=dict(in_channels=24, out_channels=48)),
    ),
)
default_hooks = dict(logger=dict(interval=1), checkpoint=dict(interval=10))
log_processor = dict(window_size=1)
