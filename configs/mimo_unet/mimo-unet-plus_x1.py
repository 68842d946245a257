# MIMO-UNet+: twenty blocks a stage, drop-out of fused channels; otherwise mimo-unet_x1.py.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/gopro_x1.py",
    "../_base_/datasets/gopro_test_x1.py",
    "../_base_/schedules/mimo_unet.py",
]
model = dict(
    generator=dict(type="MIMOUNet", num_blocks=20, plus=True),
    pixel_loss=dict(_delete_=True, type="SpectralL1Loss", weight=0.1),
)
