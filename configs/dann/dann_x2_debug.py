# Twenty steps on a CPU, on pictures every installation has: does domain adaptation run?
_base_ = [
    "../_base_/runtime/adapt.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/dann_debug_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/debug_20.py",
]
model = dict(
    type="AdaptEditModel",
    generator=dict(type="LGRNet", preset="T", scale=2),
    adapt=dict(taps=dict(trunk=dict(path="upsampler", role="input"))),
)
default_hooks = dict(logger=dict(interval=1), checkpoint=dict(interval=10))
log_processor = dict(window_size=1)
