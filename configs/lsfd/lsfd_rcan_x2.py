# LSFD: RCAN 10x20 teaches RCAN 10x6; 300,000 steps.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/datasets/div2k_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/lsfd.py",
    "../_base_/distill/lsfd.py",
    "../_base_/distill/pairs/rcan_x2.py",
]
model = dict(
    generator={{_base_.student}},
    distill=dict(
        teachers={{_base_.teachers}},
        taps={{_base_.taps}},
        adapters=dict(R=dict(out_channels=64)),
    ),
)
