# LGR-Net-T from SPAN with a learnt R, measured on training images kept back.
_base_ = ["lgrnet_x2_small_heldout.py", "../_base_/distill/span_lgrnet_b4_student-conv.py"]
model = dict(
    type="DistillEditModel",
    pixel_loss=dict(loss_weight={{_base_.gamma}}),
    distill={{_base_.distill}},
)
