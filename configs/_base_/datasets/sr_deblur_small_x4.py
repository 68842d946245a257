# Both tasks from sharp images alone, for two CPU cores: a fifth of BSD200 and crops of DIV2K's
# validation images (T91's are too small for x4), reduced by 4 and blurred three times of four. LR
# patches of 32x32.
images = ["img", "gt", "gt_deblur"]
train_dataloader = dict(
    batch_size=8,
    num_workers=0,
    persistent_workers=False,
    sampler=dict(type="ResumableInfiniteSampler"),
    dataset=dict(
        type="GeneratedSRDataset",
        data_root="{{$MMSRKD_DATA:data}}",
        folders=["train/BSD200_sub", "train/DIV2K_val_crops256"],
        scale=4,
        pipeline=[
            dict(type="LoadCheckedImage", key="gt", cache_mb=128),
            dict(type="GenerateLR", cache_mb=192),
            dict(type="PairedPatchCrop", lr_patch=32),
            dict(type="CopyValues", src_keys=["img"], dst_keys=["gt_deblur"]),
            dict(type="RandomMotionBlur", keys=["img"], prob=0.75, shortest=3, longest=13),
            dict(type="Flip", keys=images, direction="horizontal"),
            dict(type="Flip", keys=images, direction="vertical"),
            dict(type="RandomTransposeHW", keys=images),
            dict(type="PackInputs", data_keys=["gt_deblur"]),
        ],
    ),
)
