# ABPN, its base7.yaml: Adam, 1e-3, halved every 120 epochs up to 480, 600 in all, of 1,000 steps.
train_cfg = dict(type="IterBasedTrainLoop", max_iters=600_000, val_interval=1_000_000_000)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="Adam", lr=1e-3, betas=(0.9, 0.999)))
param_scheduler = dict(
    type="MultiStepLR", by_epoch=False, milestones=[120_000, 240_000, 360_000, 480_000], gamma=0.5
)
