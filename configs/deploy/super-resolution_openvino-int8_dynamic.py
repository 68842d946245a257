# The checkpoint has to be one of tools/quantize.py.
_base_ = ["./_base_/onnx_dynamic.py"]
backend_config = dict(type="openvino", precision="int8")
