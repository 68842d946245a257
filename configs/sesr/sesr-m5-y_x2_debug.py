# Twenty steps on a CPU, on pictures every installation has: does it run?
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/debug_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/debug_20.py",
]
model = dict(
    generator=dict(
        type="LumaOnly",
        network=dict(
            type="SESR", in_channels=1, out_channels=1, num_blocks=2, expand_channels=16, scale=2
        ),
    ),
    pixel_loss=dict(_delete_=True, type="LumaLoss", loss=dict(type="L1Loss")),
)
default_hooks = dict(logger=dict(interval=1), checkpoint=dict(interval=10))
log_processor = dict(window_size=1)
