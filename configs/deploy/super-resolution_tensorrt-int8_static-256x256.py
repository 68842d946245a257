# The checkpoint has to be one of tools/quantize.py.
_base_ = ["./_base_/onnx_static-256x256.py"]
backend_config = dict(
    type="tensorrt",
    precision="int8",
    model_inputs=[
        dict(
            input_shapes=dict(
                input=dict(
                    min_shape=[1, 3, 256, 256],
                    opt_shape=[1, 3, 256, 256],
                    max_shape=[1, 3, 256, 256],
                )
            )
        )
    ],
)
