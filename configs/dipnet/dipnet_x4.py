# DIPNet as it is deployed, trained like any other network: a guess, for its own recipe is not
# published.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/df2k_x4.py",
    "../_base_/datasets/benchmarks_x4.py",
    "../_base_/schedules/dipnet.py",
]
model = dict(generator=dict(type="DIPNet", scale=4))
train_dataloader = dict(batch_size=64, dataset=dict(lr_patch=64))
