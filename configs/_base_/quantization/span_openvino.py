# SPAN for OpenVINO. Its last two layers take their input in two parts. Where its features are
# joined, and behind its first activation, some channels are 30 and 80 times as large as the median;
# what enters a block is uneven, too, which pictures of hard contrast show (Urban100's img_011 loses
# 1.9 dB by ranges alone where only the former are balanced).
_base_ = "openvino.py"
quantization = dict(
    scheme=dict(
        overrides=[
            dict(pattern="conv_cat", balance=True, fine_input=True),
            dict(pattern="upsampler.0", fine_input=True),
            dict(pattern="block_1.c2_r*", balance=True),
            dict(pattern="block_?.c1_r*", balance=True),
        ]
    )
)
