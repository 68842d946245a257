_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/benchmarks_x3.py",
]
model = dict(generator=dict(type="SPAN", channels=52, scale=3))
