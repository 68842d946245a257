# Integrated super-resolution and deblurring against its rivals, and each of its steps against what
# it is added to.
name = "sr_deblur"
title = "Integrated super-resolution and deblurring"
baseline = "integrated, two phases"
intro = """\
Small widths (16 channels of MIMO-UNet, student 8; SPAN of 24 channels and 4 blocks), 3,000 steps a
stage in bfloat16 at batch 8, LR patches of 32x32 from a fifth of BSD200 and DIV2K's validation
crops, three of four blurred; 1,500 steps of adaptation. The integrated model has had 12,000 steps
(deblurring and super-resolution by themselves, then both phases), and so have SPAN of 7 blocks, the
cascades that are trained together, and the single phases. Every run is a stage of
`configs/sr_deblur/sr-deblur_x4_small_stages.py`. Super-resolution x4 of sharp (BSD100) and blurred
images (BSD100_blurred: synthetic; REDS_x4: the camera's own), deblurring (BSD100_deblur, REDS) and
infrared scenes (Road, Road_deblur); "mean" is over BSD100_blurred, REDS_x4, BSD100_deblur and REDS,
half of what both tasks sum up to. "bicubic" and "blurred image" are what is done without a network.

Multiply-adds of super-resolution for an LR pixel: integrated 122k, cascades 125k, SPAN 81k, SPAN of
7 blocks 127k."""
mean = ["BSD100_blurred", "REDS_x4", "BSD100_deblur", "REDS"]
stages = "configs/sr_deblur/sr-deblur_x4_small_stages.py"
integrated = "integrated, two phases"
single = "student of the single phase without a teacher"
nothing = "integrated, single phase from nothing"
continued = "trained on, visible light alone"
groups = {
    "span": ("SPAN it begins with", None),
    "span-b7": ("SPAN alone, 7 blocks", None),
    "cascade": ("deblurring, then SPAN", None),
    "cascade-tuned": ("deblurring, then SPAN, trained on together", None),
    "cascade-scratch": ("deblurring, then SPAN, as one from nothing", nothing),
    "phase2": (integrated, None),
    "single-phase": ("integrated, single phase", None),
    "single-phase-short": ("integrated, single phase, as much time", None),
    "single-phase-scratch": (nothing, None),
    "phase2-open": ("integrated, nothing frozen in phase 2", None),
    "continued": (continued, None),
    "dann": ("adapted to infrared without its truth", continued),
    "dann-strong": ("adapted, ten times the reversal", continued),
    "dann-finetuned": ("adapted to infrared with its truth", continued),
    "student-no-teacher": ("student without a teacher", None),
    "student": ("student, distilled", "student without a teacher"),
    "student-of-single-no-teacher": (single, None),
    "student-of-single": ("student of the single phase, distilled", single),
}
runs = [
    dict(
        name=stage,
        group=group,
        stages=stages,
        stage=stage,
        **({} if against is None else dict(against=against)),
    )
    for stage, (group, against) in groups.items()
]
small = "configs/sr_deblur/sr-deblur_{}_small.py"
runs += [
    dict(name="bicubic", group="bicubic", config=small.format("bicubic_x4")),
    dict(name="blurred", group="blurred image", config=small.format("blurred_x1")),
]
