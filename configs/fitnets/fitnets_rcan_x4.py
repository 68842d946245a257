# FitNets: RCAN 10x20 teaches RCAN 10x6; with the recipe of FAKD.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/datasets/div2k_x4.py",
    "../_base_/datasets/benchmarks_x4.py",
    "../_base_/schedules/fakd.py",
    "../_base_/distill/fitnets.py",
    "../_base_/distill/pairs/rcan_x4.py",
]
model = dict(
    generator={{_base_.student}},
    distill=dict(
        teachers={{_base_.teachers}},
        taps={{_base_.taps}},
        adapters=dict(R=dict(out_channels=64)),
    ),
)
