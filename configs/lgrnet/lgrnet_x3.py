_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_lsdir_x3.py",
    "../_base_/datasets/benchmarks_x3.py",
    "../_base_/schedules/lgrnet_500e.py",
]
model = dict(generator=dict(type="LGRNet", preset="base", scale=3))
