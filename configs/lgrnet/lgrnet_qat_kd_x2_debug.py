# Quantisation-aware distillation for a few steps, on pictures every installation has: does it run?
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/debug_x2.py",
    "../_base_/schedules/debug_20.py",
    "../_base_/distill/self_lgrnet_b4.py",
    "../_base_/quantization/cpu.py",
]
float_network = "weights/lgrnet_x2_T-32a4948c.safetensors"
quantization = dict(checkpoint=float_network, observe=0.25, freeze=0.75)
model = dict(
    type="DistillEditModel",
    generator=dict(type="LGRNet", preset="T", scale=2),
    pixel_loss=dict(loss_weight={{_base_.gamma}}),
    distill=dict(
        teachers=dict(teacher=dict(checkpoint=float_network)),
        taps={{_base_.distill.taps}},
        losses={{_base_.distill.losses}},
    ),
)
