# The wide network by itself, then CSD inside it, which the paper starts from a trained network;
# beside them the narrow network by itself.
_base_ = ["edsr_csd_small_x2.py"]
small = dict(
    train_dataloader={{_base_.train_dataloader}},
    train_cfg={{_base_.train_cfg}},
    optim_wrapper={{_base_.optim_wrapper}},
    param_scheduler={{_base_.param_scheduler}},
)
alone = {
    name: dict(
        config="../edsr/edsr-baseline_x2.py",
        replace=small,
        options={"model.generator.mid_channels": channels, "model.generator.num_blocks": 4},
    )
    for name, channels in (("wide", 64), ("no-kd", 16))
}
stages = {
    **alone,
    "csd": dict(
        config="edsr_csd_small_x2.py",
        options={"model.distill.wide.checkpoint": "{stage:wide}"},
    ),
}
