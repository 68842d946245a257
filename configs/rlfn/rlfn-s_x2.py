# RLFN-S, 48 channels instead of 52; otherwise rlfn_x2.py.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/rlfn.py",
]
model = dict(generator=dict(type="RLFN", channels=48, scale=2))
train_dataloader = dict(batch_size=64, dataset=dict(lr_patch=64))
