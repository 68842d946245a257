# RFDN as released (50 channels, 4 blocks): L1, batch 64, LR 64x64, as quoted in the literature.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/rfdn.py",
]
model = dict(generator=dict(type="RFDN", scale=2))
train_dataloader = dict(batch_size=64, dataset=dict(lr_patch=64))
