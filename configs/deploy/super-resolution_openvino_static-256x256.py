_base_ = ["./_base_/onnx_static-256x256.py"]
backend_config = dict(type="openvino", precision="fp32")
