# LFD: RCAN 10x20 teaches RCAN 10x6; 300,000 steps.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/datasets/div2k_x3.py",
    "../_base_/datasets/benchmarks_x3.py",
    "../_base_/schedules/lsfd.py",
    "../_base_/distill/lfd.py",
    "../_base_/distill/pairs/rcan_x3.py",
]
model = dict(
    generator={{_base_.student}},
    distill=dict(
        teachers={{_base_.teachers}},
        taps={{_base_.taps}},
        adapters=dict(R=dict(out_channels=64)),
    ),
)
