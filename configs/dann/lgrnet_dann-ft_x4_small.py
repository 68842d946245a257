# Protocol 2: the target has a truth too and is trained on beside the source (fine-tuning on the
# infrared set, which the paper's last row is about).
_base_ = "lgrnet_dann_x4_small.py"

train_dataloader = dict(dataset=dict(labelled=True))
model = dict(adapt=dict(target_weight=1.0))
