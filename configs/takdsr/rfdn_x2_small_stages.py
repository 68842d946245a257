# TAKDSR and what it is compared with, on nine renders: what two CPU cores can train in some hours.
# Other shares of the mix are Table 7, continuous compact features all the way down Table 9.
_base_ = ["../_base_/stages/takdsr_small.py"]
plain, pisr = ("no-kd", "init-only"), ("pisr-teacher", "pisr-student")
names = ("teacher", "assistant", "student", *plain, *pisr)
stages = {name: dict(config=f"rfdn_{name}_x2.py") for name in names}
of_teacher, of_assistant = (
    f"model.distill.teachers.{name}.checkpoint" for name in ("teacher", "assistant")
)
continuous = {"init_from.checkpoint": "{stage:pisr-teacher}", of_teacher: "{stage:pisr-teacher}"}
more = {
    "continuous-assistant": ("assistant", continuous),
    "continuous-student": (
        "student",
        {**continuous, of_assistant: "{stage:continuous-assistant}"},
    ),
}
# tenths of compact features in the mix; the paper's is 3
for tenths in (1, 5):
    shares = [tenths / 10, (10 - tenths) / 10]
    more[f"assistant-of-{tenths}"] = ("assistant", {"model.input.shares": shares})
    more[f"student-of-{tenths}"] = (
        "student",
        {
            of_assistant: f"{{stage:assistant-of-{tenths}}}",
            "model.distill.teachers.assistant.input.shares": shares,
        },
    )
stages.update(
    {
        name: dict(config=f"rfdn_{config}_x2.py", options=options, replace={{_base_.small}})
        for name, (config, options) in more.items()
    }
)
