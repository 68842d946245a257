# LSFD: EDSR 256x32 teaches EDSR 64x16; 300,000 steps.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/datasets/div2k_x3.py",
    "../_base_/datasets/benchmarks_x3.py",
    "../_base_/schedules/lsfd.py",
    "../_base_/distill/lsfd.py",
    "../_base_/distill/pairs/edsr_x3.py",
]
model = dict(
    generator={{_base_.student}},
    distill=dict(teachers={{_base_.teachers}}, taps={{_base_.taps}}),
)
