# Switches of Tables 1 and 2 of LGR-Net 2025 at small size: distilled from SPAN in float, in fewer
# steps than the published LGR-Net-T, then with roundings, taught by itself. All alike, so that what
# they lose and how fast they run can be compared: ``leaky`` is the network as it is.
_base_ = ["../_base_/stages/qat_small.py"]
switches = {
    "leaky": {},
    "prelu": {"model.generator.activation": "prelu"},
    "silu": {"model.generator.activation": "silu"},
    "no-local": {"model.generator.local_residual": False},
    "image": {"model.generator.global_residual": "image"},
    "no-global": {"model.generator.global_residual": "none"},
    "no-residual": {
        "model.generator.local_residual": False,
        "model.generator.global_residual": "none",
    },
}
# as weights/lgrnet_x2_T was made
made = {
    "model.distill.teachers.teacher.dtype": "bf16",
    "model.distill.teachers.teacher.channels_last": True,
    "train_cfg.max_iters": 6_000,
}
small = _base_.stages
# as lgrnet_qat_x2_small_stages.py, in half of the steps
slow = {"optim_wrapper.optimizer.lr": 1e-5, "train_cfg.max_iters": 1_000}
stages = {
    "_delete_": True,
    **{
        f"{name}-float": dict(
            config="lgrnet_kd_x2_small_student-conv.py", options={**made, **options}
        )
        for name, options in switches.items()
    },
    **{
        f"{name}-qat-kd-{preset}": dict(
            small[f"qat-kd-{preset}"],
            config="lgrnet_qat_kd_x2_small.py",
            options={
                **small[f"qat-kd-{preset}"]["options"],
                **options,
                **slow,
                "quantization.checkpoint": f"{{stage:{name}-float}}",
                "model.distill.teachers.teacher.checkpoint": f"{{stage:{name}-float}}",
            },
        )
        for name, options in switches.items()
        for preset in ("cpu", "openvino")
    },
}
