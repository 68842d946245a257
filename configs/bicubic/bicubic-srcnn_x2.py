# The protocol behind the published 33.66 dB: only Y is resized, without rounding in between.
_base_ = "./bicubic_x2.py"

model = dict(
    generator=dict(rounding=None),
    data_preprocessor=dict(mean=[0.0], std=[255.0], output_channel_order=None),
)

test_dataloader = [
    dict(
        loader,
        dataset=dict(
            loader.dataset,
            pipeline=[
                dict(type="LoadCheckedImage", key="gt"),
                dict(type="ModCrop", key="gt"),
                dict(type="RGBToY", key="gt", rounded=True),
                dict(type="GenerateLR", rounding=None),
                dict(type="PackInputs"),
            ],
        ),
    )
    for loader in _base_.test_dataloader
]
test_evaluator = [
    dict(
        type="Evaluator",
        metrics=[
            dict(
                type="RestorationPSNR",
                scale=metric.scale,
                convert_to="Y",
                luma_rounding="uint8",
                prefix=metric.prefix,
            )
            for metric in evaluator.metrics[:1]
        ],
    )
    for evaluator in _base_.test_evaluator
]
