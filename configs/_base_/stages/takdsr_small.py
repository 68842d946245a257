# TAKDSR and what it is compared with, on nine renders; a file that builds on this one names the
# config of every stage.
_base_ = ["../datasets/cg_x2.py", "../schedules/takdsr_small.py"]
small = dict(
    train_dataloader={{_base_.train_dataloader}},
    test_dataloader={{_base_.test_dataloader}},
    test_evaluator={{_base_.test_evaluator}},
    train_cfg={{_base_.train_cfg}},
)
stages = {
    name: dict(replace=small)
    for name in ("no-kd", "teacher", "assistant", "student", "init-only", "pisr-teacher")
}
stages["pisr-student"] = dict(
    replace=small,
    options={
        "init_from.checkpoint": "{stage:pisr-teacher}",
        "model.distill.teachers.teacher.checkpoint": "{stage:pisr-teacher}",
    },
)
