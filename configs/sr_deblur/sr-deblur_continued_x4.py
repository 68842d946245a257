# What adaptation is compared with: as many more steps on the same visible images, without it.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/sr_deblur.py",
    "../_base_/datasets/sr_deblur_infrared_x4.py",
    "../_base_/datasets/sr_deblur_tests_x4.py",
    "../_base_/schedules/sr_deblur.py",
]
init_from = dict(checkpoint="{stage:phase2}")
optim_wrapper = dict(optimizer=dict(lr=1e-5))
