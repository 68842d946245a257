# Protocol 1: the target has no truth.
_base_ = [
    "../_base_/runtime/adapt.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/visible_thermal_small_x4.py",
    "../_base_/schedules/adapt_small.py",
]
model = dict(
    type="AdaptEditModel",
    generator=dict(type="LGRNet", preset="T", scale=4),
    adapt=dict(
        taps=dict(middle="body.1", trunk=dict(path="upsampler", role="input")),
        classifier=dict(type="PatchDomainClassifier"),
    ),
)
init_from = dict(checkpoint="{stage:source-only}")
