# RDN with 64 channels and 16 blocks, mmagic's network and recipe: L1, batch 16, HR 128x128.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x4.py",
    "../_base_/datasets/benchmarks_x4.py",
    "../_base_/schedules/rdn.py",
]
model = dict(generator=dict(type="RDNNet", in_channels=3, out_channels=3, upscale_factor=4))
train_dataloader = dict(dataset=dict(lr_patch=32))
