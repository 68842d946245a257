# DIPNet as it is deployed, trained like any other network: a guess, for its own recipe is not
# published, and neither is this scale.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/df2k_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/dipnet.py",
]
model = dict(generator=dict(type="DIPNet", scale=2))
train_dataloader = dict(batch_size=64, dataset=dict(lr_patch=64))
