# The student, with half of MIMO-UNet's channels, learns from the adapted teacher and goes on
# adapting; infrared images teach it by features and pseudo labels alone. SPAN is the teacher's.
_base_ = [
    "../_base_/runtime/adapt.py",
    "../_base_/distill/sr_deblur.py",
    "../_base_/datasets/sr_deblur_infrared_x4.py",
    "../_base_/datasets/sr_deblur_tests_x4.py",
    "../_base_/schedules/sr_deblur.py",
]
model = dict(
    type="AdaptMultiTaskDistillEditModel",
    generator=dict(channels=16),
    distill=dict(
        teachers=dict(
            teacher=dict(generator=dict(type="SRDeblurNet", form="all"), checkpoint="{stage:dann}")
        )
    ),
    adapt=dict(taps={f"level{level}": f"deblur.Encoder.{level}" for level in range(3)}),
)
init_from = [
    dict(checkpoint="{stage:mimo-unet-c16}", into="deblur"),
    dict(checkpoint="{stage:dann}", prefix="sr.", into="sr"),
]
optim_wrapper = dict(paramwise_cfg=dict(custom_keys=dict(domain=dict(lr_mult=10))))
