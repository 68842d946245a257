# As for x2, without T91, which has images smaller than a patch of 128x128.
_base_ = "./train_crops_x2.py"

train_dataloader = dict(
    dataset=dict(scale=4, folders=["train/BSD200_sub", "train/DIV2K_val_crops256"])
)
