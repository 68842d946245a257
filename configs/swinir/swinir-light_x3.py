# SwinIR-light, mmagic's network and recipe: L1, batch 32, LR 64x64.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x3.py",
    "../_base_/datasets/benchmarks_x3.py",
    "../_base_/schedules/swinir.py",
]
model = dict(
    generator=dict(
        type="SwinIRNet",
        img_size=64,
        embed_dim=60,
        depths=[6, 6, 6, 6],
        num_heads=[6, 6, 6, 6],
        window_size=8,
        mlp_ratio=2,
        upsampler="pixelshuffledirect",
        upscale=3,
    )
)
train_dataloader = dict(batch_size=32, dataset=dict(lr_patch=64))
