# ESPCN on luminance, as published. DIV2K and the size of the patch are a guess.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_x4.py",
    "../_base_/datasets/benchmarks_x4.py",
    "../_base_/schedules/espcn.py",
]
model = dict(
    generator=dict(
        type="LumaOnly", network=dict(type="ESPCN", in_channels=1, out_channels=1, scale=4)
    ),
    pixel_loss=dict(_delete_=True, type="LumaLoss", loss=dict(type="MSELoss")),
)
