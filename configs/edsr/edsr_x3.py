# EDSR, 256 channels and 32 blocks, mmagic's network: L1, batch 16, LR 48x48.
# The authors start from x2: set load_from to its weights.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x3.py",
    "../_base_/datasets/benchmarks_x3.py",
    "../_base_/schedules/edsr.py",
]
model = dict(
    generator=dict(
        type="EDSRNet",
        in_channels=3,
        out_channels=3,
        mid_channels=256,
        num_blocks=32,
        res_scale=0.1,
        upscale_factor=3,
    )
)
