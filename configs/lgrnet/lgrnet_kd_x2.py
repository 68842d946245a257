# LGR-Net distilled from SPAN: Table 3 of the paper, with the recipe of lgrnet_x2.py.
_base_ = ["lgrnet_x2.py", "../_base_/distill/span_lgrnet_b6.py"]
model = dict(
    type="DistillEditModel",
    pixel_loss=dict(loss_weight={{_base_.gamma}}),
    distill={{_base_.distill}},
)
