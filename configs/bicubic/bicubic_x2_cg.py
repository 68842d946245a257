# On the rendered scenes that the small trainings of TAKDSR are tested on.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/cg_x2.py",
]
model = dict(generator=dict(type="Bicubic", scale=2, rounding="uint8"))
