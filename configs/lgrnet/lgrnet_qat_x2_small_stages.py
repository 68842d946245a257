# The published LGR-Net-T with 8-bit weights, for both x86 runtimes. Its last two layers, which the
# picture reaches as features, take their input in two parts in OpenVINO. The rate is the paper's:
# a higher one trains away what SPAN has taught (at 2e-4 0.03 dB, without any rounding).
_base_ = ["../_base_/stages/qat_small.py"]
slow = {"optim_wrapper.optimizer.lr": 1e-5, "train_cfg.max_iters": 2_000}
fine = {
    "quantization.scheme.overrides": [
        *(dict(pattern=pattern, fine_input=True) for pattern in ("tail.0", "upsampler.0")),
        dict(pattern="body.*.conv1", balance=True),
    ]
}
configs = {"qat": "lgrnet_qat_x2_small.py", "qat-kd": "lgrnet_qat_kd_x2_small.py"}
stages = {
    **{f"{kind}-cpu": dict(config=config, options=slow) for kind, config in configs.items()},
    **{
        f"{kind}-openvino": dict(config=config, options={**slow, **fine})
        for kind, config in configs.items()
    },
}
