# CSD: a quarter of EDSR's channels learns inside the trained EDSR, x3. Needs the weights of both
# EDSR and VGG-19, see README.md.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x3.py",
    "../_base_/datasets/benchmarks_x3.py",
    "../_base_/schedules/csd.py",
    "../_base_/distill/csd.py",
    "../_base_/distill/pairs/edsr_x3.py",
]
model = dict(
    type="SelfDistillEditModel",
    generator=dict(
        type="EDSRNet",
        in_channels=3,
        out_channels=3,
        num_blocks=32,
        res_scale=0.1,
        upscale_factor=3,
    ),
    distill=dict(wide={{_base_.teachers.teacher}}, losses={{_base_.distill.losses}}),
)
