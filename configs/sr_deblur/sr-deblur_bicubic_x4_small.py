# What SR-Deblur's small trainings enlarge, enlarged without any network: blurred and infrared
# images among it.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/sr_deblur_small_tests_x4.py",
]
model = dict(generator=dict(type="Bicubic", scale=4, rounding="uint8"))
kept = [i for i, entry in enumerate(_base_.sets) if entry["scale"] == 4]
test_dataloader = [_base_.test_dataloader[i] for i in kept]
test_evaluator = [_base_.test_evaluator[i] for i in kept]
