_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/benchmarks_x2.py",
]

model = dict(generator=dict(type="Bicubic", scale=2, rounding="uint8"))
