# The published LGR-Net-T with 8-bit weights, for both x86 runtimes. In OpenVINO the last layer,
# which the picture reaches as features, takes its input in two parts.
_base_ = ["../_base_/stages/qat_small.py"]
fine = {"quantization.scheme.overrides": [dict(pattern="upsampler.0", fine_input=True)]}
configs = {"qat": "lgrnet_qat_x2_small.py", "qat-kd": "lgrnet_qat_kd_x2_small.py"}
stages = {
    **{f"{kind}-cpu": dict(config=config) for kind, config in configs.items()},
    **{f"{kind}-openvino": dict(config=config, options=fine) for kind, config in configs.items()},
}
