# INT8 for ONNX Runtime on x86: unsigned activations, weights of 7 bits (see docs/quantization.md).
quantization = dict(scheme=dict(preset="cpu"), observe=0.05, freeze=0.8)
