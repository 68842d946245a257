# Which way of distilling helps a small student most (FACD's Table 2), which part of FACD does it
# (its Tables 6 to 12), at which size of the student (Table 5), and which teacher is the
# best, at the size two CPU cores train.
name = "facd"
title = "FACD and its rivals on LGR-Net-T x2, reduced scale"
baseline = "no teacher"
intro = """
One student, LGR-Net-T without pixel attention (with it, not every seed starts to learn, and luck
would hide the methods), one data set (`train/T91`, `train/BSD200_sub`, `train/DIV2K_val_crops256`:
211 images), 6,000 steps of 8 patches of LR 32x32, one schedule, and the rate that is best without a
teacher. The teacher is the official SPAN x2
with 48 channels, in bfloat16, unless a row names another. Tested on Set5, Set14 and the images of
BSD100 (50) and Urban100 (20) that the data folder holds.

The methods were trained with two seeds, variants of them with one. FCD is FACD without the gate.
Every method has its published weights, which belong to other networks and far longer trainings; the
papers' teachers (EDSR 256x32, RCAN 20) are too slow for this machine.

What came out: of the published methods FACD is the best, as in its paper, and LSFD next. The rest
of the order does not show: with their published weights FAKD ends where the twin does and below it
on Urban100, and PISR (one seed) is the twin, its term too light to be seen beside the truth's; FACD
without the gate is as good as with it, and so is a gate on the images alone; and InfoNCE in the
place of FACD's own contrast, which the paper has below it, is the best of all rows
(one seed). Without the contrast of features (on images alone) a third (Set5) to all (Urban100) of
the gain is gone, as published. Beside the contrast, half of the truth and half of the teacher's
image are as good as the teacher's image alone and better than the truth alone; taps that count
alike or the last most, and affinities in the place of features, are a little worse. A student of 32
channels gains as much as that of 24, one of 16 half (one seed each): with FACD, 24 channels are as
good on Set5 as 32 without a teacher. Not tried against that: other weights, longer trainings.
"""
budget = "small"
budgets = dict(
    debug={
        "train_cfg.max_iters": 20,
        "param_scheduler": [dict(type="CosineAnnealingLR", by_epoch=False, eta_min=1e-6)],
        # an image of each set
        **{f"test_dataloader.{index}.dataset.indices": 1 for index in range(4)},
    },
    small={"train_cfg.max_iters": 6000},
    full={"train_cfg.max_iters": 200_000},
)
losses, teachers = "model.distill.losses", "model.distill.teachers"
rate = "optim_wrapper.optimizer.lr"
# the best of the three the twin is tried with
student = {"model.generator.attention": "none", rate: 4e-3}
bf16 = {f"{teachers}.teacher.dtype": "bf16", f"{teachers}.teacher.channels_last": True}
official = "{{$MMSRKD_WEIGHTS:weights/official}}"


def soft_target(checkpoint):
    """The teacher's image and the truth, one to one; no features."""
    args = dict(student="student.out", teacher="teacher.out")
    return {
        "model.pixel_loss.loss_weight": 0.5,
        "model.distill": dict(
            _delete_=True,
            teachers=dict(teacher=dict(checkpoint=checkpoint, dtype="bf16", channels_last=True)),
            losses=dict(loss_teacher=dict(type="SoftTargetLoss", weight=0.5, args=args)),
        ),
    }


def width(channels):
    """Another size of the student."""
    return {"model.generator.channels": channels}


def taught_width(channels):
    """The same, and what maps its features to the teacher's."""
    return {**width(channels), "model.distill.adapters.DR.in_channels": channels}


# FCD with one target of the image instead of a half of each
truth = {"model.pixel_loss.loss_weight": 1.0, f"{losses}.loss_image.weight": 0.0}
image = dict(
    _delete_=True,
    type="SoftTargetLoss",
    weight=1.0,
    args=dict(student="student.out", teacher="teacher.out"),
)

kd = "lgrnet/lgrnet_kd_x2_small"
configs = {
    "no teacher": ("lgrnet/lgrnet_x2_small", {}),
    "no teacher, lr 2e-3": ("lgrnet/lgrnet_x2_small", {rate: 2e-3}),
    "no teacher, lr 8e-3": ("lgrnet/lgrnet_x2_small", {rate: 8e-3}),
    "soft target": (kd, soft_target("span-ncnn:spanx2_ch48")),
    "FitNets": ("fitnets/fitnets_small_x2", bf16),
    "FAKD": ("fakd/fakd_small_x2", bf16),
    "LSFD": ("lsfd/lsfd_small_x2", bf16),
    "FACD": ("facd/facd_small_x2", bf16),
    "LGR-Net, learnt R": (f"{kd}_student-conv", bf16),
    "FACD without the gate": ("facd/facd_small_x2_fcd", bf16),
    "FACD on images": ("facd/facd_small_x2_icd", bf16),
    "FCD on images": ("facd/fcd_small_x2_icd", bf16),
    "FACD, gate on images alone": ("facd/facd_small_x2_image-gate", bf16),
    "FCD with InfoNCE": ("facd/facd_small_x2_infonce", bf16),
    "FCD on spatial affinities": ("facd/facd_small_x2_sa", bf16),
    "contrast and truth": ("facd/facd_small_x2_fcd", {**bf16, **truth}),
    "contrast and teacher's image": (
        "facd/facd_small_x2_fcd",
        {**bf16, f"{losses}.loss_image": image},
    ),
    "FCD, taps alike": ("facd/facd_small_x2_avg", bf16),
    "FCD, last tap most": ("facd/facd_small_x2_bottom", bf16),
    "no teacher, 16 channels": ("lgrnet/lgrnet_x2_small", width(16)),
    "FACD, 16 channels": ("facd/facd_small_x2", {**bf16, **taught_width(16)}),
    "no teacher, 32 channels": ("lgrnet/lgrnet_x2_small", width(32)),
    "FACD, 32 channels": ("facd/facd_small_x2", {**bf16, **taught_width(32)}),
    "soft target from RLFN": (kd, soft_target(f"{official}/rlfn_x2.pth")),
    "soft target from PAN": (kd, soft_target(f"{official}/PANx2.pth")),
    "LFD": ("lsfd/lfd_small_x2", bf16),
    "PISR": ("pisr/pisr_small_x2", bf16),
}
# these with two seeds and more; what varies one of them, with the first
methods = list(configs)[:1] + list(configs)[3:9]
# FCD is FACD without the gate, as most of the paper's ablations are
twins = {f"FACD, {size} channels": f"no teacher, {size} channels" for size in (16, 32)}
runs = []
for group, (config, options) in configs.items():
    called = group.lower().translate({ord(","): "", ord("'"): "", ord(" "): "-"})
    run = dict(
        name=called if group in methods else f"{called}_seed0",
        group=group,
        config=f"configs/{config}.py",
        options={**student, **options},
    )
    if group not in methods:
        run["seed"] = 0
    if group in twins:
        run["against"] = twins[group]
    runs.append(run)
