# ESPCN on RGB; the original works on luminance, see espcn-y. DIV2K and the patch are a guess.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x3.py",
    "../_base_/datasets/benchmarks_x3.py",
    "../_base_/schedules/espcn.py",
]
model = dict(generator=dict(type="ESPCN", scale=3), pixel_loss=dict(type="MSELoss"))
