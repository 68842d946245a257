# Two patches of LR 16x16 a step, from pictures inside scikit-image, written on first use.
train_dataloader = dict(
    batch_size=2,
    num_workers=0,
    persistent_workers=False,
    sampler=dict(type="ResumableInfiniteSampler"),
    dataset=dict(
        type="SampleSRDataset",
        data_root="work_dirs/sample_images",
        scale=2,
        pipeline=[
            dict(type="LoadCheckedImage", key="gt"),
            dict(type="GenerateLR", cache_mb=96),
            dict(type="PairedPatchCrop", lr_patch=16),
            dict(type="Flip", keys=["img", "gt"], direction="horizontal"),
            dict(type="RandomTransposeHW", keys=["img", "gt"]),
            dict(type="PackInputs"),
        ],
    ),
)
