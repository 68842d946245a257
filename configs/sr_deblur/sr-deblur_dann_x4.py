# After both phases: features that do not tell visible light from infrared, which has no truth.
_base_ = [
    "../_base_/runtime/adapt.py",
    "../_base_/models/sr_deblur.py",
    "../_base_/datasets/sr_deblur_infrared_x4.py",
    "../_base_/datasets/sr_deblur_tests_x4.py",
    "../_base_/schedules/sr_deblur.py",
]
model = dict(
    type="AdaptMultiTaskEditModel",
    adapt=dict(taps={f"level{level}": f"deblur.Encoder.{level}" for level in range(3)}),
)
init_from = dict(checkpoint="{stage:phase2}")
optim_wrapper = dict(
    optimizer=dict(lr=1e-5), paramwise_cfg=dict(custom_keys=dict(domain=dict(lr_mult=10)))
)
