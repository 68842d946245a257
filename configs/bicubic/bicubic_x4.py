_base_ = [
    "../_base_/models/bicubic.py",
    "../_base_/datasets/benchmarks_x4.py",
]

default_scope = "mmsrkd"
model = dict(generator=dict(scale=4))
