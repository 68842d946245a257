# Twenty steps on a CPU: half of a small EDSR learns inside it. The contrast is in a pyramid of
# gradients, which needs no weights.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/debug_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/debug_20.py",
    "../_base_/distill/csd_pyramid.py",
]
network = dict(
    type="EDSRNet",
    in_channels=3,
    out_channels=3,
    mid_channels=16,
    num_blocks=2,
    upscale_factor=2,
)
model = dict(
    type="SelfDistillEditModel",
    generator={**network, "mid_channels": 8},
    distill=dict(wide=dict(generator=network), losses={{_base_.distill.losses}}),
)
default_hooks = dict(logger=dict(interval=1), checkpoint=dict(interval=10))
log_processor = dict(window_size=1)
