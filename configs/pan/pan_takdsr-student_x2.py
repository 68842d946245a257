# Student of TAKDSR (PAN, one block) by itself, without a
# teacher. HR 192x192. The paper trains on rendered frames (Spring), here it is DIV2K.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/takdsr.py",
]
model = dict(generator=dict(type="PAN", num_blocks=1, scale=2))
train_dataloader = dict(dataset=dict(lr_patch=96))
