# TAKDSR and what it is compared with, on nine renders: what two CPU cores can train in some hours.
_base_ = ["../_base_/datasets/cg_x2.py", "../_base_/schedules/takdsr_small.py"]
small = dict(
    train_dataloader={{_base_.train_dataloader}},
    test_dataloader={{_base_.test_dataloader}},
    test_evaluator={{_base_.test_evaluator}},
    train_cfg={{_base_.train_cfg}},
)
stages = {
    "no-kd": dict(config="rlfn_no-kd_x2.py", replace=small),
    "teacher": dict(config="rlfn_teacher_x2.py", replace=small),
    "assistant": dict(config="rlfn_assistant_x2.py", replace=small),
    "student": dict(config="rlfn_student_x2.py", replace=small),
    "init-only": dict(config="rlfn_init-only_x2.py", replace=small),
    "pisr-teacher": dict(config="rlfn_pisr-teacher_x2.py", replace=small),
    "pisr-student": dict(
        config="rlfn_pisr-student_x2.py",
        replace=small,
        options={
            "init_from.checkpoint": "{stage:pisr-teacher}",
            "model.distill.teachers.teacher.checkpoint": "{stage:pisr-teacher}",
        },
    ),
}
