_base_ = [
    "../_base_/models/bicubic.py",
    "../_base_/datasets/benchmarks_x2.py",
]

default_scope = "mmsrkd"
