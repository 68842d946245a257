_base_ = ["lgrnet_x4.py", "../_base_/distill/span_lgrnet_b6_x4.py"]
model = dict(
    type="DistillEditModel",
    pixel_loss=dict(loss_weight={{_base_.gamma}}),
    distill={{_base_.distill}},
)
