# For a runtime that wants one fixed input: 1x3x256x256.
_base_ = ["./onnx_dynamic.py"]
onnx_config = dict(
    input_shape=[256, 256],  # (width, height), as mmdeploy has it
    dynamic_axes=None,
)
