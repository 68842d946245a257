# SAFMN-L, 128 channels and 16 blocks, the authors' train_L_DF2K_X2.yml: batch 48, LR 48x48. That
# the other scales are trained alike is a guess.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/df2k_x3.py",
    "../_base_/datasets/benchmarks_x3.py",
    "../_base_/schedules/safmn_l.py",
]
model = dict(
    generator=dict(type="SAFMN", channels=128, num_blocks=16, scale=3),
    pixel_loss=dict(_delete_=True, type="SpectralL1Loss", weight=0.05),
)
train_dataloader = dict(batch_size=48)
