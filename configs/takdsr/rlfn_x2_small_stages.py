# TAKDSR and what it is compared with, on nine renders: what two CPU cores can train in some hours.
# Two assistants are Table 8, continuous compact features all the way down Table 9.
_base_ = ["../_base_/stages/takdsr_small.py"]
plain, pisr = ("no-kd", "init-only"), ("pisr-teacher", "pisr-student")
names = ("teacher", "assistant", "student", *plain, *pisr)
stages = {name: dict(config=f"rlfn_{name}_x2.py") for name in names}
of_teacher, of_assistant = (
    f"model.distill.teachers.{name}.checkpoint" for name in ("teacher", "assistant")
)
continuous = {"init_from.checkpoint": "{stage:pisr-teacher}", of_teacher: "{stage:pisr-teacher}"}
more = {
    "first-of-two": ("assistant", {"model.input.shares": [0.6, 0.4]}),
    "second": ("second-assistant", {of_assistant: "{stage:first-of-two}"}),
    "student-of-two": ("student-of-two", {of_assistant: "{stage:first-of-two}"}),
    "continuous-assistant": ("assistant", continuous),
    "continuous-student": (
        "student",
        {**continuous, of_assistant: "{stage:continuous-assistant}"},
    ),
}
stages.update(
    {
        name: dict(config=f"rlfn_{config}_x2.py", options=options, replace={{_base_.small}})
        for name, (config, options) in more.items()
    }
)
