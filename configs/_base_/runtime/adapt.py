# What every run has in common, and the schedule of gradient reversal.
_base_ = "./default.py"

custom_hooks = [
    *_base_.custom_hooks,
    # 2 / (1 + exp(-10 p)) - 1 times 0.05: pixel losses are some 0.02
    dict(type="GradientReversalHook", kind="dann", maximum=0.05, gamma=10.0),
]
