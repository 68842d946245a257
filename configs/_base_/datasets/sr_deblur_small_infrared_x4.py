# sr_deblur_small_x4.py with infrared road scenes beside it whose truth is dropped; the visible
# images are grey three times of four, so that colour hardly tells the spectra apart.
_base_ = "./sr_deblur_small_x4.py"

source = _base_.train_dataloader.dataset
grey = dict(type="EqualGrey", keys=["img", "gt", "gt_deblur"], prob=0.75)
train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type="DomainPairDataset",
        source=dict(source, pipeline=[*source.pipeline[:-1], grey, source.pipeline[-1]]),
        target=dict(
            type="GeneratedSRDataset",
            data_root=source.data_root,
            folders=["thermal/RoadScene"],
            indices=19,  # the others are tested
            scale=4,
            pipeline=[
                dict(type="LoadCheckedImage", key="gt", cache_mb=64),
                dict(type="GenerateLR", cache_mb=64),
                dict(type="PairedPatchCrop", lr_patch=32),
                dict(type="CopyValues", src_keys=["img"], dst_keys=["gt_deblur"]),
                dict(type="RandomMotionBlur", keys=["img"], prob=0.75, shortest=3, longest=13),
                dict(type="Flip", keys=["img", "gt", "gt_deblur"], direction="horizontal"),
                dict(type="PackInputs", data_keys=["gt_deblur"]),
            ],
        ),
    )
)
