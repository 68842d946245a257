# ABPN, the authors' base7.yaml: L1, batch 16, LR 64x64.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x3.py",
    "../_base_/datasets/benchmarks_x3.py",
    "../_base_/schedules/abpn.py",
]
model = dict(generator=dict(type="ABPN", scale=3))
train_dataloader = dict(dataset=dict(lr_patch=64))
