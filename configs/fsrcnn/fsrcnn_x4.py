# FSRCNN on RGB; the original works on luminance, see fsrcnn-y. Data and schedule are PISR's.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x4.py",
    "../_base_/datasets/benchmarks_x4.py",
    "../_base_/schedules/fsrcnn.py",
]
model = dict(generator=dict(type="FSRCNN", scale=4))
