_base_ = [
    "../_base_/models/bicubic.py",
    "../_base_/datasets/benchmarks_x3.py",
]

default_scope = "mmsrkd"
model = dict(generator=dict(scale=3))
