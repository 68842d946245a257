# Four student blocks pair with SPAN's blocks 2, 3, 5, 6: block round(i * 6 / 4), halves up.
_base_ = ["span_lgrnet_b6.py"]
distill = dict(
    taps=dict(
        student=dict(
            _delete_=True,
            local1="body.0",
            local2="body.1",
            local3="body.2",
            local4="body.3",
            fused=dict(path="upsampler", role="input"),
        ),
        teacher=dict(
            _delete_=True,
            local1="block_2",
            local2="block_3",
            local3="block_5",
            local4="block_6",
            fused=dict(path="upsampler", role="input"),
        ),
    )
)
