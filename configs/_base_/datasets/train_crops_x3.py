_base_ = "./train_crops_x2.py"

train_dataloader = dict(dataset=dict(scale=3))
