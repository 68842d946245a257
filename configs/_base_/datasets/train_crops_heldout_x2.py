# The small training set without its last twenty images, and those to measure on: for choosing
# settings without a look at the test sets.
_base_ = "./train_crops_x2.py"

train_dataloader = dict(dataset=dict(indices=191))
test_cfg = dict(type="MultiTestLoop")
test_dataloader = [
    dict(
        batch_size=1,
        num_workers=0,
        persistent_workers=False,
        sampler=dict(type="DefaultSampler", shuffle=False),
        dataset=dict(
            type="GeneratedSRDataset",
            data_root="{{$MMSRKD_DATA:data}}",
            folders=["train/DIV2K_val_crops256"],
            indices=list(range(60, 80)),
            scale=2,
            test_mode=True,
            pipeline=[
                dict(type="LoadCheckedImage", key="gt"),
                dict(type="GenerateLR"),
                dict(type="PackInputs", meta_keys=["gt_is_grey"]),
            ],
        ),
    )
]
test_evaluator = [
    dict(
        type="Evaluator",
        metrics=[
            dict(type="RestorationPSNR", scale=2, convert_to="Y", prefix="HeldOut"),
            dict(type="RestorationPSNR", scale=2, convert_to=None, prefix="HeldOut"),
        ],
    )
]
