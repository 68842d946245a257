# Teacher's assistant of TAKDSR (RLFN-S, three of six blocks) by itself, without a
# teacher. HR 192x192. The paper trains on rendered frames (Spring), here it is DIV2K.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/takdsr.py",
]
model = dict(generator=dict(type="RLFN", channels=48, num_blocks=3, scale=2))
train_dataloader = dict(dataset=dict(lr_patch=96))
