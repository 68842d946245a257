# DF2K: DIV2K and Flickr2K (3,450 images), as their archives unpack.
_base_ = "./div2k_x2.py"

train_dataloader = dict(
    dataset=dict(
        gt_folder=["DIV2K/DIV2K_train_HR", "Flickr2K/Flickr2K_HR"],
        img_folder=[
            "DIV2K/DIV2K_train_LR_bicubic/X{scale}",
            "Flickr2K/Flickr2K_LR_bicubic/X{scale}",
        ],
    )
)
