# The baseline the paper argues against: both tasks at once, everything trains, as many steps as
# both phases together.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/sr_deblur.py",
    "../_base_/datasets/sr_deblur_x4.py",
    "../_base_/datasets/sr_deblur_tests_x4.py",
    "../_base_/schedules/sr_deblur.py",
]
init_from = [
    dict(checkpoint="{stage:mimo-unet}", into="deblur"),
    dict(checkpoint="{stage:span}", into="sr"),
]
train_cfg = dict(max_iters=1_052_000)
param_scheduler = dict(step_size=526_000)
