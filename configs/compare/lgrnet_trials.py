# Which distillation settings help LGR-Net-T most? Short runs on nine tenths of the small training
# set, judged on the twenty images kept back, so that the test sets have no part in the choice.
name = "lgrnet_trials"
title = "LGR-Net-T x2: trials for the settings of distillation"
baseline = "no teacher"
intro = """
6,000 steps each, seed 0, trained on 191 of the 211 images of the small training set and measured on
the other 20 (`HeldOut`, the last of `train/DIV2K_val_crops256`). The teacher runs in bfloat16 in
all of them.
"""
twin = "configs/lgrnet/lgrnet_x2_small_heldout.py"
kd = "configs/lgrnet/lgrnet_kd_x2_small_heldout.py"
conv = "configs/lgrnet/lgrnet_kd_x2_small_heldout_student-conv.py"
lr, losses = "optim_wrapper.optimizer.lr", "model.distill.losses"
common = {"train_cfg.max_iters": 6000}
fast = {
    **common,
    "model.distill.teachers.teacher.dtype": "bf16",
    "model.distill.teachers.teacher.channels_last": True,
}
falling = dict(_delete_=True, kind="linear", start=1.0, end=0.0, begin_at=0.0, end_at=0.8)
runs = [
    dict(name="twin", group="no teacher", config=twin, options=common),
    dict(
        name="twin_lr4e-3",
        group="no teacher, lr 4e-3",
        config=twin,
        options={**common, lr: 4e-3},
    ),
    dict(name="kd", group="R = group mean", config=kd, options=fast),
    dict(name="conv", group="R = learnt convolution", config=conv, options=fast),
    dict(
        name="conv_x4",
        group="learnt R, feature weights x 4",
        config=conv,
        options={**fast, f"{losses}.loss_local.weight": 1.0, f"{losses}.loss_global.weight": 1.0},
    ),
    dict(
        name="conv_x4_ramp",
        group="learnt R, feature weights x 4, falling to 0",
        config=conv,
        options={
            **fast,
            f"{losses}.loss_local.weight": falling,
            f"{losses}.loss_global.weight": falling,
        },
    ),
    dict(
        name="conv_quarter",
        group="learnt R, feature weights / 4",
        config=conv,
        options={
            **fast,
            f"{losses}.loss_local.weight": 0.0625,
            f"{losses}.loss_global.weight": 0.0625,
        },
    ),
    dict(name="conv_lr4e-3", group="learnt R, lr 4e-3", config=conv, options={**fast, lr: 4e-3}),
    dict(
        name="conv_complex",
        group="learnt R, complex spectrum",
        config=conv,
        options={**fast, f"{losses}.loss_global.mode": "complex"},
    ),
]
