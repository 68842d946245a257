# What two CPU cores can train in an hour: 20,000 steps, one cycle of the learning rate.
max_iters = 20_000
train_cfg = dict(type="IterBasedTrainLoop", max_iters=max_iters, val_interval=1_000_000_000)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="Adam", lr=2e-3, betas=(0.9, 0.999)))
param_scheduler = [
    dict(type="LinearLR", start_factor=0.05, by_epoch=False, begin=0, end=1000),
    dict(type="CosineAnnealingLR", by_epoch=False, begin=1000, eta_min=1e-6),
]
