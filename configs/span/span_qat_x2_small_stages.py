# The official SPAN with 8-bit weights, for both x86 runtimes; with the preset cpu it is balanced in
# the same places as with openvino.
_base_ = ["../_base_/stages/qat_small.py"]
uneven = [
    dict(pattern=pattern, balance=True)
    for pattern in ("conv_cat", "block_1.c2_r*", "block_?.c1_r*")
]
overrides = {"quantization.scheme.overrides": uneven}
taught = "span_qat_kd_x2.py"
configs = {"qat": "span_qat_x2.py", "qat-kd": taught, "qat-kd-no-truth": taught}
stages = {
    f"{kind}-{preset}": dict(
        config=config,
        options={
            "optim_wrapper.optimizer.lr": 1e-5,
            "train_cfg.max_iters": 2_000,
            **(overrides if preset == "cpu" else {}),
        },
    )
    for kind, config in configs.items()
    for preset in ("cpu", "openvino")
}
