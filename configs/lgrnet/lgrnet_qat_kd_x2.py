# LGR-Net made ready for INT8, taught by its float self (Eq. 7, Table 4 of LGR-Net 2025).
_base_ = ["lgrnet_qat_x2.py", "../_base_/distill/self.py"]
taps = dict(
    local1="body.0",
    local2="body.1",
    local3="body.2",
    local4="body.3",
    local5="body.4",
    local6="body.5",
    fused=dict(path="upsampler", role="input"),
)
model = dict(
    type="DistillEditModel",
    pixel_loss=dict(loss_weight={{_base_.gamma}}),
    distill=dict(
        teachers=dict(teacher=dict(checkpoint="{stage:float}")),
        taps=dict(student=taps, teacher=taps),
        losses={{_base_.self_losses}},
    ),
)
