# The demo's pictures, taken from the scikit-image package by
# tools/dataset_converters/prepare_sample_images.py: eleven to train on, three held out.
train_dataloader = dict(
    batch_size=8,
    num_workers=0,
    persistent_workers=False,
    sampler=dict(type="ResumableInfiniteSampler"),
    dataset=dict(
        type="GeneratedSRDataset",
        data_root="{{$MMSRKD_DATA:data}}/sample_images",
        folders="train",
        scale=2,
        prepared_by="tools/dataset_converters/prepare_sample_images.py",
        pipeline=[
            dict(type="LoadCheckedImage", key="gt", cache_mb=64),
            dict(type="GenerateLR", cache_mb=96),
            dict(type="PairedPatchCrop", lr_patch=32),
            dict(type="Flip", keys=["img", "gt"], direction="horizontal"),
            dict(type="Flip", keys=["img", "gt"], direction="vertical"),
            dict(type="RandomTransposeHW", keys=["img", "gt"]),
            dict(type="PackInputs"),
        ],
    ),
)
test_cfg = dict(type="MultiTestLoop")
test_dataloader = [
    dict(
        batch_size=1,
        num_workers=0,
        persistent_workers=False,
        sampler=dict(type="DefaultSampler", shuffle=False),
        dataset=dict(
            type="BenchmarkDataset",
            data_root="{{$MMSRKD_DATA:data}}/sample_images",
            name="HeldOut",
            scale=2,
            prepared_by="tools/dataset_converters/prepare_sample_images.py",
        ),
    )
]
test_evaluator = [
    dict(
        type="Evaluator",
        metrics=[
            dict(type="RestorationPSNR", scale=2, convert_to="Y", prefix="HeldOut"),
            dict(type="RestorationSSIM", scale=2, convert_to="Y", prefix="HeldOut"),
            dict(type="RestorationPSNR", scale=2, convert_to=None, prefix="HeldOut"),
        ],
    )
]
