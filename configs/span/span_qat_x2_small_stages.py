# The official SPAN with 8-bit weights, for both x86 runtimes. Where its features are joined, and
# behind its first activation, some channels are 30 and 80 times as large as the median.
_base_ = ["../_base_/stages/qat_small.py"]
uneven = [dict(pattern=name, balance=True) for name in ("conv_cat", "block_1.c2_r*")]
options = {
    "optim_wrapper.optimizer.lr": 1e-4,
    "train_cfg.max_iters": 2_000,
    "quantization.scheme.overrides": uneven,
}
presets = ("cpu", "openvino")
stages = {
    **{f"qat-{preset}": dict(config="span_qat_x2.py", options=options) for preset in presets},
    **{f"qat-kd-{preset}": dict(config="span_qat_kd_x2.py", options=options) for preset in presets},
}
