# The whole chain with tiny networks, four steps a stage, on pictures every installation has: does
# it run?
_base_ = [
    "sr-deblur_x4_stages.py",
    "../_base_/datasets/sr_deblur_debug_infrared_x4.py",
    "../_base_/schedules/debug_20.py",
]
both = dict(_base_.train_dataloader, dataset=_base_.source)
# a network of one task finds its truth where others do
to_gt = dict(type="CopyValues", src_keys=["gt_deblur"], dst_keys=["gt"])
sharp = dict(
    both,
    dataset=dict(
        both["dataset"],
        pipeline=[*both["dataset"]["pipeline"][:-1], to_gt, both["dataset"]["pipeline"][-1]],
    ),
)
data = {"mimo-unet": sharp, "mimo-unet-c16": sharp}
data |= {"mimo-unet-c24": sharp}
alone = ("span", "span-sharp", "cascade", "cascade-tuned")
data |= dict.fromkeys((*alone, "phase1", "phase2", "single-phase"), both)
few = dict(train_cfg=_base_.train_cfg, param_scheduler=_base_.param_scheduler)
options = {"train_cfg.max_iters": 4, "default_hooks.logger.interval": 1}
own = "model.generator"
other = "model.distill.teachers.teacher.generator"
small = {f"{own}.channels": 8, f"{own}.num_blocks": 1}
whole = {f"{own}.sr_channels": 8, f"{own}.sr_blocks": 2}
spans = {f"{own}.channels": 8, f"{own}.num_blocks": 2}
cascade = {f"{own}.first.{key.rpartition('.')[2]}": value for key, value in small.items()}
cascade |= {f"{own}.first.channels": 6, f"{own}.second.channels": 8, f"{own}.second.num_blocks": 2}
widths = {
    "mimo-unet": small,
    "mimo-unet-c16": {**small, f"{own}.channels": 4},
    "mimo-unet-c24": {**small, f"{own}.channels": 6},
    **{name: dict(spans) for name in ("span", "span-sharp")},
    **{name: dict(cascade) for name in ("cascade", "cascade-tuned")},
    "dann-finetuned": {**small, **whole, "train_dataloader.dataset.labelled": True},
    "student": {
        **small,
        **whole,
        f"{own}.channels": 4,
        **{key.replace(own, other): value for key, value in {**small, **whole}.items()},
        **{f"model.distill.adapters.to{k}.in_channels": 4 * 2**k for k in range(3)},
        **{f"model.distill.adapters.to{k}.out_channels": 8 * 2**k for k in range(3)},
    },
    "student-no-teacher": {**small, **whole, f"{own}.channels": 4},
}
stages = {
    name: dict(
        stage,
        replace=dict(few, train_dataloader=data.get(name, _base_.train_dataloader)),
        options={**options, **stage.get("options", {}), **widths.get(name, {**small, **whole})},
    )
    for name, stage in _base_.stages.items()
}
