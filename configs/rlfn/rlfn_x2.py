# RLFN, the first stage of the paper's training: L1, batch 64, LR 64x64. Later stages start from its
# weights with the same settings; the contrastive loss of the challenge's entry is left out.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/rlfn.py",
]
model = dict(generator=dict(type="RLFN", scale=2))
train_dataloader = dict(batch_size=64, dataset=dict(lr_patch=64))
