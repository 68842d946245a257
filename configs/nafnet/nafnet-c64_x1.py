# NAFNet with 64 channels for GoPro, mmagic's network and recipe: batch 64, 256x256.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/gopro_x1.py",
    "../_base_/datasets/gopro_test_x1.py",
    "../_base_/schedules/nafnet.py",
]
model = dict(
    generator=dict(
        type="NAFNetLocal",
        img_channels=3,
        mid_channels=64,
        enc_blk_nums=[1, 1, 1, 28],
        middle_blk_num=1,
        dec_blk_nums=[1, 1, 1, 1],
    ),
    pixel_loss=dict(_delete_=True, type="PSNRLoss"),
)
train_dataloader = dict(batch_size=64)
