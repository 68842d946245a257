# GoPro (2,103 blurred images with their sharp partners), sorted into two folders of the same names:
# deblur/GoPro/train/blur and deblur/GoPro/train/sharp.
train_dataloader = dict(
    batch_size=4,
    num_workers=8,
    persistent_workers=True,
    sampler=dict(type="ResumableInfiniteSampler"),
    dataset=dict(
        type="PairedSRDataset",
        data_root="{{$MMSRKD_DATA:data}}",
        gt_folder="deblur/GoPro/train/sharp",
        img_folder="deblur/GoPro/train/blur",
        recursive=True,
        prepared_by="tools/dataset_converters/prepare_gopro.py",
        scale=1,
        lr_patch=256,
    ),
)
