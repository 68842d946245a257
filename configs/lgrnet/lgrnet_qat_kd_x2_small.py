# The published LGR-Net-T made ready for INT8, taught by its float self (Eq. 7, LGR-Net 2025).
_base_ = ["lgrnet_qat_x2_small.py", "../_base_/distill/self_lgrnet_b4.py"]
model = dict(
    type="DistillEditModel",
    pixel_loss=dict(loss_weight={{_base_.gamma}}),
    distill=dict(
        teachers=dict(teacher=dict(checkpoint="weights/lgrnet_x2_T-32a4948c.safetensors")),
        taps={{_base_.distill.taps}},
        losses={{_base_.distill.losses}},
    ),
)
