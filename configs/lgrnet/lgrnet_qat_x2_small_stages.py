# The published LGR-Net-T with 8-bit weights, for both x86 runtimes.
_base_ = ["../_base_/stages/qat_small.py"]
presets = ("cpu", "openvino")
stages = {
    **{f"qat-{preset}": dict(config="lgrnet_qat_x2_small.py") for preset in presets},
    **{f"qat-kd-{preset}": dict(config="lgrnet_qat_kd_x2_small.py") for preset in presets},
}
