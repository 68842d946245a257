# The official RLFN, from a file of its authors in the folder $MMSRKD_WEIGHTS, with 8-bit weights,
# for both x86 runtimes.
_base_ = ["../_base_/stages/qat_small.py"]
official = "{{$MMSRKD_WEIGHTS:weights/official}}" + "/rlfn_x2.pth"
plain = {
    "optim_wrapper.optimizer.lr": 1e-4,
    "train_cfg.max_iters": 2_000,
    "quantization.checkpoint": official,
}
taught = {**plain, "model.distill.teachers.teacher.checkpoint": official}
presets = ("cpu", "openvino")
stages = {
    **{f"qat-{preset}": dict(config="rlfn_qat_x2.py", options=plain) for preset in presets},
    **{f"qat-kd-{preset}": dict(config="rlfn_qat_kd_x2.py", options=taught) for preset in presets},
}
