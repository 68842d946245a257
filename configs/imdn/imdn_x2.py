# IMDN, the authors' train_IMDN.py: L1, batch 16, HR 192x192.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/imdn.py",
]
model = dict(generator=dict(type="IMDN", scale=2))
train_dataloader = dict(dataset=dict(lr_patch=96))
