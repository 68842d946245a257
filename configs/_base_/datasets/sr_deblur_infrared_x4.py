# sr_deblur_x4.py with infrared images beside it whose truth is dropped: VGTSR's for training,
# reduced by 4, half of them blurred. The visible images are grey three times of four, so that
# colour hardly tells the spectra apart; the rest keeps the network able to restore colour.
_base_ = "./sr_deblur_x4.py"

source = _base_.train_dataloader.dataset
grey = dict(type="EqualGrey", keys=["img", "gt", "gt_deblur"], prob=0.75)
train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type="DomainPairDataset",
        source=dict(
            source,
            datasets=[
                dict(part, pipeline=[*part.pipeline[:-1], grey, part.pipeline[-1]])
                for part in source.datasets
            ],
        ),
        target=dict(
            type="GeneratedSRDataset",
            data_root="{{$MMSRKD_DATA:data}}",
            folders=["deblur/VGTDB/train/sharp"],
            prepared_by="tools/dataset_converters/prepare_vgtsr.py",
            scale=4,
            pipeline=[
                dict(type="LoadCheckedImage", key="gt"),
                dict(type="GenerateLR", cache_mb=256),
                dict(type="PairedPatchCrop", lr_patch=128),
                dict(type="CopyValues", src_keys=["img"], dst_keys=["gt_deblur"]),
                dict(type="RandomMotionBlur", keys=["img"], prob=0.5),
                dict(type="Flip", keys=["img", "gt", "gt_deblur"], direction="horizontal"),
                dict(type="PackInputs", data_keys=["gt_deblur"]),
            ],
        ),
    ),
)
