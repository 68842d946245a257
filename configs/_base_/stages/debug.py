# What makes a stage one of a few steps, on pictures every installation has: does it run?
_base_ = ["../datasets/debug_x2.py", "../schedules/debug_20.py"]
few = dict(
    train_dataloader={{_base_.train_dataloader}},
    train_cfg={{_base_.train_cfg}},
    param_scheduler={{_base_.param_scheduler}},
)
options = {"train_cfg.max_iters": 4, "default_hooks.logger.interval": 1}
