_base_ = "./rcan_x2.py"

student = dict(scale=4)
teachers = dict(
    teacher=dict(
        generator=dict(scale=4),
        checkpoint="{{$MMSRKD_WEIGHTS:weights/official}}/rcan_x4.safetensors",
    )
)
