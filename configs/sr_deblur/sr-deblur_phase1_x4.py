# Phase 1: deblurring. The SR branch rests. Begins with both networks trained by themselves.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/sr_deblur.py",
    "../_base_/datasets/gopro_x1.py",
    "../_base_/datasets/sr_deblur_tests_x4.py",
    "../_base_/schedules/sr_deblur.py",
]
model = dict(pixel_loss=dict(sr=None), freeze=["fit", "sr"])
init_from = [
    dict(checkpoint="{stage:mimo-unet}", into="deblur"),
    dict(checkpoint="{stage:span}", into="sr"),
]
