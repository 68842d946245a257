# Which way of distilling helps LGR-Net-T x2 most, at the size two CPU cores can train? Run it with
# --seeds: one seed cannot tell a method from luck.
name = "methods_small"
title = "Ways to distil LGR-Net-T x2, reduced scale"
baseline = "no teacher"
intro = """
One student, one data set (`train/T91`, `train/BSD200_sub`, `train/DIV2K_val_crops256`), 20,000
steps, one learning rate, found for the run without a teacher. Every method has its published
weights, which belong to other networks and longer trainings.
"""
budget = "small"
budgets = dict(
    debug={
        "train_cfg.max_iters": 20,
        "param_scheduler": [dict(type="CosineAnnealingLR", by_epoch=False, eta_min=1e-6)],
    },
    small=dict(),  # the configs as they are
    full={"train_cfg.max_iters": 200_000},
)
losses = "model.distill.losses"
logits = {f"{losses}.loss_local.weight": 0.0, f"{losses}.loss_global.weight": 0.0}
configs = {
    "no teacher": "lgrnet/lgrnet_x2_small",
    "LGR-Net": "lgrnet/lgrnet_kd_x2_small",
    "LGR-Net, learnt R": "lgrnet/lgrnet_kd_x2_small_student-conv",
    "FitNets": "fitnets/fitnets_small_x2",
    "FAKD": "fakd/fakd_small_x2",
    "FACD": "facd/facd_small_x2",
    "LSFD": "lsfd/lsfd_small_x2",
    "DUKD, label consistency": "dukd/dukd_small_x2",
    "dense guidance": "dgkd/dgkd_small_x2",
    "mean of two teachers": "mtkd/mtkd_mean_small_x2",
    "mixture of two teachers": "mtkd/mtkd_small_x2",
}
runs = [
    dict(name=config.partition("/")[2], group=group, config=f"configs/{config}.py")
    for group, config in configs.items()
] + [
    dict(
        name="soft-target_small_x2",
        group="soft target alone",
        config="configs/lgrnet/lgrnet_kd_x2_small.py",
        options=logits,
    )
]
