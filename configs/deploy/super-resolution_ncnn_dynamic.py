_base_ = ["./_base_/onnx_dynamic.py"]
backend_config = dict(type="ncnn", precision="fp32")
