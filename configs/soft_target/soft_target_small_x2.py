# On the small training set. Twin: configs/lgrnet/lgrnet_x2_small.py.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/datasets/train_crops_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/small_20k.py",
    "../_base_/distill/soft_target.py",
]
