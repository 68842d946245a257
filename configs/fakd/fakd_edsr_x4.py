# FAKD: EDSR 256x32 teaches EDSR 64x16; the recipe of its code, 200,000 steps.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/datasets/div2k_x4.py",
    "../_base_/datasets/benchmarks_x4.py",
    "../_base_/schedules/fakd.py",
    "../_base_/distill/fakd.py",
    "../_base_/distill/pairs/edsr_x4.py",
]
model = dict(
    generator={{_base_.student}},
    distill=dict(teachers={{_base_.teachers}}, taps={{_base_.taps}}),
)
