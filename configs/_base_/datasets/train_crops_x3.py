# As for x2, without T91, which has images smaller than a patch of 96x96.
_base_ = "./train_crops_x2.py"

train_dataloader = dict(
    dataset=dict(scale=3, folders=["train/BSD200_sub", "train/DIV2K_val_crops256"])
)
