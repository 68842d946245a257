# ESPCN made ready for INT8, taught by its float self (Eq. 7, Table 4 of LGR-Net 2025).
_base_ = ["espcn_qat_x2.py", "../_base_/distill/self.py"]
taps = dict(
    local1="first_part.1",
    fused=dict(path="last_part", role="input"),
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
