# PAN 2020, its train_PANx4.yml: Adam, 7e-4 down to 1e-7 on a cosine, four times over.
train_cfg = dict(type="IterBasedTrainLoop", max_iters=1_000_000, val_interval=1_000_000_000)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="Adam", lr=7e-4, betas=(0.9, 0.99)))
param_scheduler = dict(
    type="CosineRestartLR",
    by_epoch=False,
    periods=[250_000] * 4,
    restart_weights=[1, 1, 1, 1],
    eta_min=1e-7,
)
