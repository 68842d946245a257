# RCAN with six blocks a group, the student of FAKD and others, by itself; recipe of the teacher.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x4.py",
    "../_base_/datasets/benchmarks_x4.py",
    "../_base_/schedules/rcan.py",
]
model = dict(generator=dict(type="RCAN", num_blocks=6, scale=4))
