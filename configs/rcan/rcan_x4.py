# RCAN, ten groups of twenty blocks: L1, batch 16, LR 48x48.
# The authors start from x2: set load_from to its weights.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x4.py",
    "../_base_/datasets/benchmarks_x4.py",
    "../_base_/schedules/rcan.py",
]
model = dict(generator=dict(type="RCAN", scale=4))
