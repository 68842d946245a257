# INT8 for OpenVINO on x86, and for ONNX Runtime where quality counts: unsigned activations, weights
# of 7 bits (8 where the CPU has VNNI), sums in float (see docs/quantization.md).
quantization = dict(
    scheme=dict(preset="openvino", calibration="percentile", percentile=0.99999, round_sums=False),
    observe=0.05,
    freeze=0.8,
)
