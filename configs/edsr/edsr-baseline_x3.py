# EDSR-baseline, 64 channels and 16 blocks, mmagic's network: L1, batch 16, LR 48x48.
# The authors start from x2: set load_from to its weights.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x3.py",
    "../_base_/datasets/benchmarks_x3.py",
    "../_base_/schedules/edsr.py",
]
model = dict(generator=dict(type="EDSRNet", in_channels=3, out_channels=3, upscale_factor=3))
