# The published LGR-Net-T made ready for INT8, taught by its float self (Eq. 7, LGR-Net 2025).
_base_ = ["lgrnet_qat_x2_small.py", "../_base_/distill/self.py"]
taps = dict(
    local1="body.0",
    local2="body.1",
    local3="body.2",
    local4="body.3",
    fused=dict(path="upsampler", role="input"),
)
model = dict(
    type="DistillEditModel",
    pixel_loss=dict(loss_weight={{_base_.gamma}}),
    distill=dict(
        teachers=dict(teacher=dict(checkpoint="weights/lgrnet_x2_T-32a4948c.safetensors")),
        taps=dict(student=taps, teacher=taps),
        losses={{_base_.self_losses}},
    ),
)
