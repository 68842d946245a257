# Both stages in a few steps, on pictures every installation has: do they run?
_base_ = ["../_base_/stages/debug.py"]
stages = {
    name: dict(
        config=f"pisr_fsrcnn_{name}_x2.py", replace={{_base_.few}}, options={{_base_.options}}
    )
    for name in ("teacher", "student")
}
