# The checkpoint has to be one of tools/quantize.py.
_base_ = ["./_base_/onnx_static-256x256.py"]
backend_config = dict(type="onnxruntime", precision="int8")
