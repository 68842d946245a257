# Variational distillation of PISR: EDSR 256x32 teaches EDSR 64x16; with the recipe of FACD, whose
# authors compare with it.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/datasets/div2k_x4.py",
    "../_base_/datasets/benchmarks_x4.py",
    "../_base_/schedules/facd.py",
    "../_base_/distill/pisr.py",
    "../_base_/distill/pairs/edsr_x4.py",
]
model = dict(
    generator={{_base_.student}},
    distill=dict(teachers={{_base_.teachers}}, taps={{_base_.taps}}),
)
