_base_ = "./rcan_x2.py"

student = dict(scale=3)
teachers = dict(
    teacher=dict(
        generator=dict(scale=3),
        checkpoint="{{$MMSRKD_WEIGHTS:weights/official}}/rcan_x3.safetensors",
    )
)
