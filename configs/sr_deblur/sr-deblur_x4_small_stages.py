# The whole chain at small widths on small sets, for two CPU cores. Every comparison has its
# partner: single-phase to phase2, phase2 to dann, student to student-no-teacher; dann-finetuned has
# the truth of the infrared images too.
_base_ = [
    "sr-deblur_x4_stages.py",
    "../_base_/datasets/sr_deblur_small_infrared_x4.py",
    "../_base_/datasets/sr_deblur_small_tests_x4.py",
    "../_base_/schedules/sr_deblur_small.py",
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
data |= dict.fromkeys(("span", "phase1", "phase2", "single-phase"), both)
small = dict(
    train_cfg=_base_.train_cfg,
    param_scheduler=_base_.param_scheduler,
    test_dataloader=_base_.test_dataloader,
    test_evaluator=_base_.test_evaluator,
)
lr = "optim_wrapper.optimizer.lr"
own = "model.generator"
other = "model.distill.teachers.teacher.generator"
mimo = {f"{own}.channels": 16, f"{own}.num_blocks": 2}
whole = {**mimo, f"{own}.sr_channels": 24, f"{own}.sr_blocks": 4}
half = {f"{own}.channels": 8}
adapted = {"train_cfg.max_iters": 2_000}
labelled = "train_dataloader.dataset.labelled"
options = {
    "mimo-unet": {lr: 5e-4, **mimo},
    "mimo-unet-c16": {lr: 5e-4, **mimo, **half},
    "span": {lr: 5e-4, f"{own}.channels": 24, f"{own}.num_blocks": 4},
    "phase1": {lr: 5e-4, **whole},
    "phase2": {lr: 5e-4, **whole},
    "single-phase": {
        lr: 5e-4,
        "train_cfg.max_iters": 2 * _base_.train_cfg["max_iters"],
        **whole,
    },
    "dann": {lr: 5e-5, **adapted, **whole},
    "dann-finetuned": {lr: 5e-5, **adapted, labelled: True, **whole},
    "student": {
        lr: 5e-4,
        **whole,
        **half,
        **{key.replace(own, other): value for key, value in whole.items()},
        **{f"model.distill.adapters.to{k}.in_channels": 8 * 2**k for k in range(3)},
        **{f"model.distill.adapters.to{k}.out_channels": 16 * 2**k for k in range(3)},
    },
    "student-no-teacher": {lr: 5e-4, **whole, **half},
}
stages = {
    name: dict(
        stage,
        replace=dict(small, train_dataloader=data.get(name, _base_.train_dataloader)),
        options=options[name],
    )
    for name, stage in _base_.stages.items()
}
