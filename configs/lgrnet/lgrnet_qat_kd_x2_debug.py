# Quantisation-aware distillation for a few steps, on pictures every installation has: does it run?
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/debug_x2.py",
    "../_base_/schedules/debug_20.py",
    "../_base_/distill/self.py",
    "../_base_/quantization/cpu.py",
]
float_network = "weights/lgrnet_x2_T-32a4948c.safetensors"
quantization = dict(checkpoint=float_network, observe=0.25, freeze=0.75)
taps = dict(
    local1="body.0",
    local2="body.1",
    local3="body.2",
    local4="body.3",
    fused=dict(path="upsampler", role="input"),
)
model = dict(
    type="DistillEditModel",
    generator=dict(type="LGRNet", preset="T", scale=2),
    pixel_loss=dict(loss_weight={{_base_.gamma}}),
    distill=dict(
        teachers=dict(teacher=dict(checkpoint=float_network)),
        taps=dict(student=taps, teacher=taps),
        losses={{_base_.self_losses}},
    ),
)
