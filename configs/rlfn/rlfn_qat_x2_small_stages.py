# The official RLFN, from a file of its authors in the folder $MMSRKD_WEIGHTS, with 8-bit weights,
# for both x86 runtimes.
_base_ = ["../_base_/stages/qat_small.py"]
official = "{{$MMSRKD_WEIGHTS:weights/official}}" + "/rlfn_x2.pth"
plain = {
    "optim_wrapper.optimizer.lr": 1e-5,
    "train_cfg.max_iters": 2_000,
    "quantization.checkpoint": official,
}
taught = {**plain, "model.distill.teachers.teacher.checkpoint": official}
stages = {
    f"{kind}-{preset}": dict(config=config, options=options)
    for kind, config, options in (
        ("qat", "rlfn_qat_x2.py", plain),
        ("qat-kd", "rlfn_qat_kd_x2.py", taught),
        ("qat-kd-no-truth", "rlfn_qat_kd_x2.py", taught),
    )
    for preset in ("cpu", "openvino")
}
