# SPAN made ready for INT8, taught by its float self (Eq. 7, Table 4 of LGR-Net 2025).
_base_ = ["span_qat_x2.py", "../_base_/distill/self.py"]
taps = dict(
    local1="block_1",
    local2="block_2",
    local3="block_3",
    local4="block_4",
    local5="block_5",
    local6="block_6",
    fused=dict(path="upsampler", role="input"),
)
model = dict(
    type="DistillEditModel",
    pixel_loss=dict(loss_weight={{_base_.gamma}}),
    distill=dict(
        teachers=dict(teacher=dict(checkpoint="span-ncnn:spanx2_ch48")),
        taps=dict(student=taps, teacher=taps),
        losses={{_base_.self_losses}},
    ),
)
