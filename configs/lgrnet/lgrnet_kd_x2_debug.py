# Twenty steps on a CPU, on pictures every installation has: does distillation run?
_base_ = ["lgrnet_x2_debug.py", "../_base_/distill/span_lgrnet_b4.py"]
model = dict(
    type="DistillEditModel",
    pixel_loss=dict(loss_weight={{_base_.gamma}}),
    distill={{_base_.distill}},
)
