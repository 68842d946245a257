# Both protocols and what they are compared with: python tools/run_stages.py <this file>
names = ("source-only", "continued", "dann", "dann-ft")
stages = {name: dict(config=f"lgrnet_{name}_x4_small.py") for name in names}
