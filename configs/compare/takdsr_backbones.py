# Do TAKDSR's other backbones, PAN and RFDN, say the same as RLFN in takdsr.py (the paper's Tables 1
# to 5 and 9), and which shares of the mix make the best assistant (Table 7)? At the size of
# takdsr.py, 22 trainings for each seed.
_base_ = ["takdsr.py"]
name = "takdsr_backbones"
title = "TAKDSR with PAN and RFDN x2 on rendered images, reduced scale"
# the rate that was the better for RLFN's twin
baseline = "RFDN, no teacher, lr 2e-3"
intro = """
Data, schedule, batch and names are those of [takdsr](takdsr.md); the students here are RFDN_s and
PAN_s. Those with RFDN are compared with RFDN's twin, those with PAN with PAN's, both at the rate
that was the best for RLFN's; their rows at the rate of the methods are there, too.

Shares (the paper's Table 7) are those of the compact features and the LR image in what the
assistant sees: .3 : .7 is the method, .1 : .9 makes the assistant more like the student, .5 : .5
more like the teacher. "Continuous" does not round the compact features (Table 9). Teacher and
assistant see the truth: their rows (`privileged`) are no super-resolution results.
"""
rows = {
    "no-kd": "no teacher",
    "init-only": "start alone",
    "pisr-student": "PISR'",
    "student": "TAKDSR",
    "assistant": "assistant (sees a mix)",
    "teacher": "teacher (sees the truth)",
}
ablations = {
    "student-of-1": "TAKDSR, shares .1 : .9",
    "student-of-5": "TAKDSR, shares .5 : .5",
    "assistant-of-1": "assistant, shares .1 : .9",
    "assistant-of-5": "assistant, shares .5 : .5",
    "continuous-student": "TAKDSR, continuous",
}
runs = []
for network, wanted in {"rfdn": {**rows, **ablations}, "pan": rows}.items():
    twin = f"{network.upper()}, no teacher, lr 2e-3"
    common = dict(stages=f"configs/takdsr/{network}_x2_small_stages.py")
    best = dict(stage="no-kd", options={"optim_wrapper.optimizer.lr": 2e-3})
    runs.append(dict(name=f"{network}-no-kd-lr-2e-3", group=twin, **common, **best))
    for stage, group in wanted.items():
        called = dict(name=f"{network}-{stage}", group=f"{network.upper()}, {group}", stage=stage)
        runs.append(dict(**called, **common, against=twin))
runs.append(dict(name="bicubic", group="bicubic", config="configs/bicubic/bicubic_x2_cg.py"))
