# Variational distillation of PISR: RCAN 10x20 teaches RCAN 10x6; with the recipe of FACD, whose
# authors compare with it.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/datasets/div2k_x4.py",
    "../_base_/datasets/benchmarks_x4.py",
    "../_base_/schedules/facd.py",
    "../_base_/distill/pisr.py",
    "../_base_/distill/pairs/rcan_x4.py",
]
model = dict(
    generator={{_base_.student}},
    distill=dict(
        teachers={{_base_.teachers}},
        taps={{_base_.taps}},
        losses=dict(loss_vid=dict(out_channels=64)),
    ),
)
