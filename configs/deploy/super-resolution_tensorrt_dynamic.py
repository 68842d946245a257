_base_ = ["./_base_/onnx_dynamic.py"]
backend_config = dict(
    type="tensorrt",
    precision="fp32",
    model_inputs=[
        dict(
            input_shapes=dict(
                input=dict(
                    min_shape=[1, 3, 64, 64],
                    opt_shape=[1, 3, 360, 640],
                    max_shape=[1, 3, 1080, 1920],
                )
            )
        )
    ],
)
