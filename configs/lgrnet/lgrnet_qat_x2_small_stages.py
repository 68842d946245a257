# The published LGR-Net-T with 8-bit weights, for both x86 runtimes. The rate is the paper's: a
# higher one trains away what SPAN has taught (at 2e-4 0.03 dB, without any rounding).
_base_ = ["../_base_/stages/qat_small.py"]
slow = {"optim_wrapper.optimizer.lr": 1e-5, "train_cfg.max_iters": 2_000}
# Weights of 4 bits where most of them are; the first and the last layer keep 8. The steps of the
# weights begin where they round best and are learnt; more iterations lose more.
four = {
    "optim_wrapper.optimizer.lr": 2e-4,
    "optim_wrapper.paramwise_cfg": dict(custom_keys=dict(spots=dict(lr_mult=0.25))),
    "train_cfg.max_iters": 1_200,
    "quantization.scheme.weight_bits": 4,
    "quantization.scheme.weight_calibration": "mse",
    "quantization.scheme.learned_step": "weights",
    "quantization.scheme.overrides": [
        dict(pattern="tail.0", fine_input=True),
        dict(pattern="body.*.conv1", balance=True),
        dict(pattern="head.0", weight_bits=8),
        dict(pattern="upsampler.0", weight_bits=8, fine_input=True),
    ],
}
base = _base_.stages["qat-kd-openvino"]
taught = "lgrnet_qat_kd_x2_small.py"
configs = {"qat": "lgrnet_qat_x2_small.py", "qat-kd": taught, "qat-kd-no-truth": taught}
stages = {
    **{
        f"{kind}-{preset}": dict(config=config, options=slow)
        for kind, config in configs.items()
        for preset in ("cpu", "openvino")
    },
    "qat-kd-w4-openvino": dict(base, config=taught, options={**base["options"], **four}),
}
