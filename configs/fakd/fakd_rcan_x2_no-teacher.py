# The student of fakd_rcan_x2.py without a teacher, everything else equal. Published tables take
# this row from elsewhere, trained shorter.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/fakd.py",
]
model = dict(generator=dict(type="RCAN", num_blocks=6, scale=2))
