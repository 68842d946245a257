# The official SPAN with 8-bit weights, for both x86 runtimes. Where its features are joined, and
# behind its first activation, some channels are 30 and 80 times as large as the median; what enters
# a block is uneven, too, which pictures of hard contrast show (Urban100's img_011 loses 1.9 dB by
# ranges alone where only the former are balanced). With the preset openvino the last two layers
# take their input in two parts.
_base_ = ["../_base_/stages/qat_small.py"]
in_blocks = [
    dict(pattern="block_1.c2_r*", balance=True),
    dict(pattern="block_?.c1_r*", balance=True),
]
uneven = [dict(pattern="conv_cat", balance=True), *in_blocks]
fine = [
    dict(pattern="conv_cat", balance=True, fine_input=True),
    dict(pattern="upsampler.0", fine_input=True),
    *in_blocks,
]
taught = "span_qat_kd_x2.py"
configs = {"qat": "span_qat_x2.py", "qat-kd": taught, "qat-kd-no-truth": taught}
stages = {
    f"{kind}-{preset}": dict(
        config=config,
        options={
            "optim_wrapper.optimizer.lr": 1e-5,
            "train_cfg.max_iters": 2_000,
            "quantization.scheme.overrides": overrides,
        },
    )
    for kind, config in configs.items()
    for preset, overrides in (("cpu", uneven), ("openvino", fine))
}
