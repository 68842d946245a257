# The official RLFN, from a file of its authors in the folder $MMSRKD_WEIGHTS, with 8-bit weights,
# for both x86 runtimes. With the preset openvino the last two layers take their input in two parts.
# They and the last layer of each block are balanced for the sake of their weights: by ranges alone,
# five dark or hard pictures lose 0.26 dB on average so and 0.61 dB otherwise.
_base_ = ["../_base_/stages/qat_small.py"]
official = "{{$MMSRKD_WEIGHTS:weights/official}}" + "/rlfn_x2.pth"
plain = {
    "optim_wrapper.optimizer.lr": 1e-5,
    "train_cfg.max_iters": 2_000,
    "quantization.checkpoint": official,
}
taught = {**plain, "model.distill.teachers.teacher.checkpoint": official}
blocks = dict(pattern="block_?.c5", balance=True)
last = ("conv_2", "upsampler.0")
fine = [dict(pattern=pattern, fine_input=True, balance=True) for pattern in last] + [blocks]
stages = {
    f"{kind}-{preset}": dict(
        config=config, options={**options, "quantization.scheme.overrides": overrides}
    )
    for kind, config, options in (
        ("qat", "rlfn_qat_x2.py", plain),
        ("qat-kd", "rlfn_qat_kd_x2.py", taught),
        ("qat-kd-no-truth", "rlfn_qat_kd_x2.py", taught),
    )
    for preset, overrides in (("cpu", []), ("openvino", fine))
}
