# LSFD on the small training set: SPAN teaches LGR-Net-T. Without a teacher, this is
# lgrnet_x2_small.py.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/datasets/train_crops_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/small_20k.py",
    "../_base_/distill/lsfd.py",
    "../_base_/distill/pairs/small_x2.py",
]
model = dict(
    generator={{_base_.student}},
    distill=dict(
        teachers={{_base_.teachers}},
        taps={{_base_.taps}},
        adapters=dict(R=dict(in_channels=24, out_channels=48)),
    ),
)
