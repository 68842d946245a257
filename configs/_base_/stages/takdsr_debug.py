# Three stages of a few steps; a file that builds on this one names the config of every stage.
_base_ = ["debug.py"]
stages = {
    name: dict(replace={{_base_.few}}, options={{_base_.options}})
    for name in ("teacher", "assistant", "student")
}
