# CSD on the small training set: a quarter of the channels of a small EDSR learns inside it. Ten
# times CSD's rate, for a twentieth of its steps. The contrast is in a pyramid of gradients, which
# needs no weights; edsr_csd_x2_small_stages.py trains the wide network first.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/train_crops_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/small_20k.py",
    "../_base_/distill/csd_pyramid.py",
]
network = dict(
    type="EDSRNet",
    in_channels=3,
    out_channels=3,
    mid_channels=64,
    num_blocks=4,
    upscale_factor=2,
)
model = dict(
    type="SelfDistillEditModel",
    generator={**network, "mid_channels": 16},
    distill=dict(wide=dict(generator=network), losses={{_base_.distill.losses}}),
)
optim_wrapper = dict(optimizer=dict(lr=1e-3))
