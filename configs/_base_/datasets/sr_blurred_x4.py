# DF2K for super-resolution x4, half of the LR images with motion blur: what comes out is sharp
# whether the input is or not.
_base_ = "./df2k_x4.py"

train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type="PairedSRDataset",
        data_root="{{$MMSRKD_DATA:data}}",
        gt_folder=["DIV2K/DIV2K_train_HR", "Flickr2K/Flickr2K_HR"],
        img_folder=[
            "DIV2K/DIV2K_train_LR_bicubic/X{scale}",
            "Flickr2K/Flickr2K_LR_bicubic/X{scale}",
        ],
        img_name="{name}x{scale}",
        scale=4,
        pipeline=[
            dict(type="LoadCheckedImage", key="gt"),
            dict(type="LoadCheckedImage", key="img"),
            dict(type="ModCrop", key="gt"),
            dict(type="PairedPatchCrop", lr_patch=64),
            dict(type="RandomMotionBlur", keys=["img"], prob=0.5),
            dict(type="Flip", keys=["img", "gt"], direction="horizontal"),
            dict(type="Flip", keys=["img", "gt"], direction="vertical"),
            dict(type="RandomTransposeHW", keys=["img", "gt"]),
            dict(type="PackInputs"),
        ],
    ),
)
