# Three stages of a few steps, on pictures every installation has: do they run?
_base_ = ["../_base_/stages/takdsr_debug.py"]
names = ("teacher", "assistant", "student")
stages = {name: dict(config=f"rfdn_{name}_x2.py") for name in names}
