# FitNets: EDSR 256x32 teaches EDSR 64x16; with the recipe of FAKD.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/datasets/div2k_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/fakd.py",
    "../_base_/distill/fitnets.py",
    "../_base_/distill/pairs/edsr_x2.py",
]
model = dict(
    generator={{_base_.student}},
    distill=dict(teachers={{_base_.teachers}}, taps={{_base_.taps}}),
)
