# The published LGR-Net-T made ready for INT8, on the small training set, without a teacher: the
# twin of lgrnet_qat_kd_x2_small.py.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/train_crops_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/qat_small_4k.py",
    "../_base_/quantization/lgrnet_openvino.py",
]
model = dict(generator=dict(type="LGRNet", preset="T", scale=2))
quantization = dict(checkpoint="weights/lgrnet_x2_T-32a4948c.safetensors")
