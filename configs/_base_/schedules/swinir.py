# SwinIR-light as in mmagic: Adam, 2e-4, halved four times.
train_cfg = dict(type="IterBasedTrainLoop", max_iters=500_000, val_interval=1_000_000_000)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="Adam", lr=2e-4, betas=(0.9, 0.999)))
param_scheduler = dict(
    type="MultiStepLR",
    by_epoch=False,
    milestones=[250_000, 400_000, 450_000, 475_000],
    gamma=0.5,
)
