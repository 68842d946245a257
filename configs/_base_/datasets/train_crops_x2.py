# Small training set: T91, a fifth of BSD200, and 256x256 crops of the DIV2K validation images.
# Random LR 32x32 patches; the LR is made by MATLAB's bicubic and kept in memory with its HR image.
train_dataloader = dict(
    batch_size=8,
    num_workers=0,
    persistent_workers=False,
    sampler=dict(type="ResumableInfiniteSampler"),
    dataset=dict(
        type="GeneratedSRDataset",
        data_root="{{$MMSRKD_DATA:data}}",
        folders=["train/T91", "train/BSD200_sub", "train/DIV2K_val_crops256"],
        scale=2,
        pipeline=[
            dict(type="LoadCheckedImage", key="gt", cache_mb=128),
            dict(type="GenerateLR", cache_mb=192),
            dict(type="PairedPatchCrop", lr_patch=32),
            dict(type="Flip", keys=["img", "gt"], direction="horizontal"),
            dict(type="Flip", keys=["img", "gt"], direction="vertical"),
            dict(type="RandomTransposeHW", keys=["img", "gt"]),
            dict(type="PackInputs"),
        ],
    ),
)
