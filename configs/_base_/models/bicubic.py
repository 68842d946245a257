# Bicubic upscaling with MATLAB's arithmetic, the baseline row of every table. It has no weights.
model = dict(
    type="BaseEditModel",
    generator=dict(type="Bicubic", scale=2, rounding="uint8"),
    pixel_loss=dict(type="L1Loss"),
    data_preprocessor=dict(
        type="DataPreprocessor",
        mean=[0.0, 0.0, 0.0],
        std=[255.0, 255.0, 255.0],
        output_channel_order="RGB",
    ),
)
