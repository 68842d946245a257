# Three stages of a few steps, on pictures every installation has: do they run?
_base_ = ["../_base_/datasets/debug_x2.py", "../_base_/schedules/debug_20.py"]
few = dict(
    train_dataloader={{_base_.train_dataloader}},
    train_cfg={{_base_.train_cfg}},
    param_scheduler={{_base_.param_scheduler}},
)
options = {"train_cfg.max_iters": 4, "default_hooks.logger.interval": 1}
stages = dict(
    teacher=dict(config="rlfn_teacher_x2.py", replace=few, options=options),
    assistant=dict(config="rlfn_assistant_x2.py", replace=few, options=options),
    student=dict(config="rlfn_student_x2.py", replace=few, options=options),
)
