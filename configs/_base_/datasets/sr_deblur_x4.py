# Both tasks in one batch: GoPro's pairs, which have the truth of deblurring alone, and DF2K's LR
# images, half of them with motion blur, which have both.
_base_ = "./sr_blurred_x4.py"

df2k = _base_.train_dataloader.dataset
images = ["img", "gt", "gt_deblur"]
augment = [
    dict(type="Flip", keys=images, direction="horizontal"),
    dict(type="Flip", keys=images, direction="vertical"),
    dict(type="RandomTransposeHW", keys=images),
    dict(type="PackInputs", data_keys=["gt_deblur"], meta_keys=["has_gt"]),
]
train_dataloader = dict(
    batch_size=8,
    dataset=dict(
        _delete_=True,
        type="ConcatDataset",
        datasets=[
            dict(
                type="PairedSRDataset",
                data_root="{{$MMSRKD_DATA:data}}",
                gt_folder="deblur/GoPro/train/sharp",
                img_folder="deblur/GoPro/train/blur",
                recursive=True,
                prepared_by="tools/dataset_converters/prepare_gopro.py",
                scale=1,
                pipeline=[
                    dict(type="LoadCheckedImage", key="gt"),
                    dict(type="LoadCheckedImage", key="img"),
                    dict(type="PairedPatchCrop", lr_patch=128),
                    dict(type="DeblurTruthOnly", scale=4),
                    *augment,
                ],
            ),
            dict(
                df2k,
                pipeline=[
                    *df2k.pipeline[:3],
                    dict(type="PairedPatchCrop", lr_patch=128),
                    dict(type="CopyValues", src_keys=["img"], dst_keys=["gt_deblur"]),
                    dict(type="RandomMotionBlur", keys=["img"], prob=0.5),
                    dict(type="SetValues", dictionary=dict(has_gt=True)),
                    *augment,
                ],
            ),
        ],
    ),
)
