# The same on small sets with 8-bit weights, for both x86 runtimes.
_base_ = ["../_base_/stages/qat_small.py"]
rate = {"optim_wrapper.optimizer.lr": 1e-3}
presets = ("cpu", "openvino")
stages = {
    "float": dict(config="fsrcnn_x2.py", replace={{_base_.long}}, options=rate),
    **{f"qat-{preset}": dict(config="fsrcnn_qat_x2.py") for preset in presets},
    **{
        f"{kind}-{preset}": dict(config="fsrcnn_qat_kd_x2.py")
        for kind in ("qat-kd", "qat-kd-no-truth")
        for preset in presets
    },
}
