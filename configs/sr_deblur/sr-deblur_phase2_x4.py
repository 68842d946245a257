# Phase 2: super-resolution from the features phase 1 has made; encoder, fusion and decoder stay as
# they are, weights and mode.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/sr_deblur.py",
    "../_base_/datasets/sr_blurred_x4.py",
    "../_base_/datasets/sr_deblur_tests_x4.py",
    "../_base_/schedules/sr_deblur.py",
]
model = dict(pixel_loss=dict(deblur=None), freeze=["deblur"])
init_from = dict(checkpoint="{stage:phase1}")
