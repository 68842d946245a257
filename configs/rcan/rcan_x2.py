# RCAN, ten groups of twenty blocks: L1, batch 16, LR 48x48.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/rcan.py",
]
model = dict(generator=dict(type="RCAN", scale=2))
