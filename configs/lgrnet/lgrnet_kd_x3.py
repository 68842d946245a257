_base_ = ["lgrnet_x3.py", "../_base_/distill/span_lgrnet_b6_x3.py"]
model = dict(
    type="DistillEditModel",
    pixel_loss=dict(loss_weight={{_base_.gamma}}),
    distill={{_base_.distill}},
)
