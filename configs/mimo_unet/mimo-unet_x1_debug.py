# Twenty steps on a CPU, on pictures every installation has, not blurred: does it run?
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/debug_x2.py",
    "../_base_/datasets/gopro_test_x1.py",
    "../_base_/schedules/debug_20.py",
]
model = dict(
    generator=dict(type="MIMOUNet", channels=8, num_blocks=1),
    pixel_loss=dict(_delete_=True, type="SpectralL1Loss", weight=0.1),
)
train_dataloader = dict(dataset=dict(scale=1))
default_hooks = dict(logger=dict(interval=1), checkpoint=dict(interval=10))
log_processor = dict(window_size=1)
