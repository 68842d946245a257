# The no-KD twin at the size two CPU cores can train.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/train_crops_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/small_20k.py",
]
model = dict(generator=dict(type="LGRNet", preset="T", scale=2))
