# CSD: a quarter of EDSR's channels learns inside EDSR, x2. Start from a trained EDSR: set
# model.distill.wide.checkpoint. Needs VGG-19's weights, see README.md.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/csd.py",
    "../_base_/distill/csd.py",
]
network = dict(
    type="EDSRNet",
    in_channels=3,
    out_channels=3,
    mid_channels=256,
    num_blocks=32,
    res_scale=0.1,
    upscale_factor=2,
)
model = dict(
    type="SelfDistillEditModel",
    generator={**network, "mid_channels": 64},
    distill=dict(wide=dict(generator=network), losses={{_base_.distill.losses}}),
)
