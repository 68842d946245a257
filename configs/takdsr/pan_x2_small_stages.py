# TAKDSR and what it is compared with, on nine renders: what two CPU cores can train in some hours.
_base_ = ["../_base_/stages/takdsr_small.py"]
plain, pisr = ("no-kd", "init-only"), ("pisr-teacher", "pisr-student")
names = ("teacher", "assistant", "student", *plain, *pisr)
stages = {name: dict(config=f"pan_{name}_x2.py") for name in names}
