# Three stages of a few steps, on pictures every installation has: do they run? A file that builds
# on this one names the config of every stage.
_base_ = ["../datasets/debug_x2.py", "../schedules/debug_20.py"]
few = dict(
    train_dataloader={{_base_.train_dataloader}},
    train_cfg={{_base_.train_cfg}},
    param_scheduler={{_base_.param_scheduler}},
)
options = {"train_cfg.max_iters": 4, "default_hooks.logger.interval": 1}
stages = {name: dict(replace=few, options=options) for name in ("teacher", "assistant", "student")}
