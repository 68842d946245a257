# HGSRCNN with the defaults of its train.py, for one scale.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/hgsrcnn.py",
]
model = dict(generator=dict(type="HGSRCNN", scale=2), pixel_loss=dict(type="MSELoss"))
train_dataloader = dict(batch_size=64, dataset=dict(lr_patch=64))
