# LGR-Net for OpenVINO. Its last two layers, which the picture reaches as features, take their input
# in two parts.
_base_ = "openvino.py"
quantization = dict(
    scheme=dict(
        overrides=[
            dict(pattern="tail.0", fine_input=True),
            dict(pattern="upsampler.0", fine_input=True),
            dict(pattern="body.*.conv1", balance=True),
        ]
    )
)
