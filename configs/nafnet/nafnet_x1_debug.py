# Twenty steps on a CPU, on pictures every installation has, not blurred: does it run?
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/debug_x2.py",
    "../_base_/datasets/gopro_test_x1.py",
    "../_base_/schedules/debug_20.py",
]
model = dict(
    generator=dict(
        type="NAFNet",
        img_channels=3,
        mid_channels=8,
        enc_blk_nums=[1, 1],
        middle_blk_num=1,
        dec_blk_nums=[1, 1],
    ),
    pixel_loss=dict(_delete_=True, type="PSNRLoss"),
)
train_dataloader = dict(dataset=dict(scale=1))
default_hooks = dict(logger=dict(interval=1), checkpoint=dict(interval=10))
log_processor = dict(window_size=1)
