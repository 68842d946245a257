# ESPCN made ready for INT8 without a teacher (Table 4 of LGR-Net 2025): the twin of
# espcn_qat_kd_x2.py. Run through espcn_qat_x2_stages.py, or name the float weights yourself.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_lsdir_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/qat_100e.py",
    "../_base_/quantization/openvino.py",
]
model = dict(generator=dict(type="ESPCN", scale=2))
quantization = dict(checkpoint="{stage:float}")
