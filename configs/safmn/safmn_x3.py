# SAFMN, the authors' train_DF2K_X3.yml: L1 of image and spectrum, batch 64, LR 64x64.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/df2k_x3.py",
    "../_base_/datasets/benchmarks_x3.py",
    "../_base_/schedules/safmn.py",
]
model = dict(
    generator=dict(type="SAFMN", scale=3),
    pixel_loss=dict(_delete_=True, type="SpectralL1Loss", weight=0.05),
)
train_dataloader = dict(batch_size=64, dataset=dict(lr_patch=64))
