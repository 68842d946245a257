# The plain restorer every network trains and tests in: images of 0..255 outside, RGB [0, 1] inside.
model = dict(
    type="BaseEditModel",
    pixel_loss=dict(type="L1Loss", loss_weight=1.0, reduction="mean"),
    train_cfg=dict(),
    test_cfg=dict(),
    data_preprocessor=dict(
        type="DataPreprocessor",
        mean=[0.0, 0.0, 0.0],
        std=[255.0, 255.0, 255.0],
        output_channel_order="RGB",
    ),
)
