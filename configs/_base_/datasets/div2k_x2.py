# The 800 training images of DIV2K as its archives unpack: DIV2K_train_HR and
# DIV2K_train_LR_bicubic/X2.
# Most recipes take 16 random patches of LR 48x48 a step; a config changes batch_size and lr_patch.
train_dataloader = dict(
    batch_size=16,
    num_workers=8,
    persistent_workers=True,
    sampler=dict(type="ResumableInfiniteSampler"),
    dataset=dict(
        type="PairedSRDataset",
        data_root="{{$MMSRKD_DATA:data}}",
        gt_folder="DIV2K/DIV2K_train_HR",
        img_folder="DIV2K/DIV2K_train_LR_bicubic/X{scale}",
        img_name="{name}x{scale}",
        scale=2,
        lr_patch=48,
    ),
)
