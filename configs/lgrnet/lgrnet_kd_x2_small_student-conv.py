# LGR-Net-T from SPAN on the small training set, R learnt on the student's side.
_base_ = ["lgrnet_x2_small.py", "../_base_/distill/span_lgrnet_b4_student-conv.py"]
model = dict(
    type="DistillEditModel",
    pixel_loss=dict(loss_weight={{_base_.gamma}}),
    distill={{_base_.distill}},
)
