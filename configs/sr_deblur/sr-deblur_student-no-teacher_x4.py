# The same student on the same images, adapting but without a teacher.
_base_ = [
    "../_base_/runtime/adapt.py",
    "../_base_/models/sr_deblur.py",
    "../_base_/datasets/sr_deblur_infrared_x4.py",
    "../_base_/datasets/sr_deblur_tests_x4.py",
    "../_base_/schedules/sr_deblur.py",
]
model = dict(
    type="AdaptMultiTaskEditModel",
    generator=dict(channels=16),
    adapt=dict(taps={f"level{level}": f"deblur.Encoder.{level}" for level in range(3)}),
)
init_from = [
    dict(checkpoint="{stage:mimo-unet-c16}", into="deblur"),
    dict(checkpoint="{stage:dann}", prefix="sr.", into="sr"),
]
optim_wrapper = dict(paramwise_cfg=dict(custom_keys=dict(domain=dict(lr_mult=10))))
