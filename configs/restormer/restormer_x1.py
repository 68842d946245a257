# Restormer for GoPro, mmagic's network, to test with its weights. The published training with
# growing patches is not repeated.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/gopro_test_x1.py",
]
model = dict(
    generator=dict(
        type="Restormer",
        inp_channels=3,
        out_channels=3,
        dim=48,
        num_blocks=[4, 6, 6, 8],
        num_refinement_blocks=4,
        heads=[1, 2, 4, 8],
        ffn_expansion_factor=2.66,
        bias=False,
        LayerNorm_type="WithBias",
    )
)
