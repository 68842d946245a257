_base_ = "./div2k_x2.py"

train_dataloader = dict(dataset=dict(scale=4))
