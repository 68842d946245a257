# The training set of the LGR-Net paper: DIV2K and LSDIR cut into 256x256 HR patches, made by
# tools/dataset_converters/prepare_div2k_lsdir.py. A sample is a whole patch (LR 128x128 at x2).
train_dataloader = dict(
    batch_size=64,
    num_workers=8,
    persistent_workers=True,
    sampler=dict(type="ResumableInfiniteSampler"),
    dataset=dict(
        type="PairedSRDataset",
        data_root="{{$MMSRKD_DATA:data}}",
        gt_folder="train/DIV2K_LSDIR_256/HR",
        img_folder="train/DIV2K_LSDIR_256/LR_bicubic/X{scale}",
        recursive=True,
        scale=2,
        prepared_by="tools/dataset_converters/prepare_div2k_lsdir.py",
        pipeline=[
            dict(type="LoadCheckedImage", key="gt"),
            dict(type="LoadCheckedImage", key="img"),
            dict(type="ModCrop", key="gt"),
            dict(type="CheckPair"),
            dict(type="Flip", keys=["img", "gt"], direction="horizontal"),
            dict(type="Flip", keys=["img", "gt"], direction="vertical"),
            dict(type="RandomTransposeHW", keys=["img", "gt"]),
            dict(type="PackInputs"),
        ],
    ),
)
