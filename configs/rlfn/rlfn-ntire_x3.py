# The pruned RLFN that won NTIRE 2022 in runtime (there at x4). How it was trained is told in
# part only, so the recipe is that of rlfn_x3.py, on DF2K.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/df2k_x3.py",
    "../_base_/datasets/benchmarks_x3.py",
    "../_base_/schedules/rlfn.py",
]
model = dict(generator=dict(type="RLFN", channels=46, mid_channels=48, num_blocks=4, scale=3))
train_dataloader = dict(batch_size=64, dataset=dict(lr_patch=64))
