# sr-deblur_dann_x4.py with the truth of the infrared images: fine-tuning on the target.
_base_ = ["sr-deblur_dann_x4.py"]
model = dict(adapt=dict(target_weight=1.0))
train_dataloader = dict(dataset=dict(labelled=True))
