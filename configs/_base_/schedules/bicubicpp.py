# Bicubic++ 2023, its conf.yaml: Adam, 5e-4 down to 5e-6 on a straight line, 1,000 epochs; an epoch
# of DIV2K has 50 steps.
train_cfg = dict(type="IterBasedTrainLoop", max_iters=50_000, val_interval=1_000_000_000)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="Adam", lr=5e-4, betas=(0.9, 0.999)))
param_scheduler = dict(
    type="LinearLR", by_epoch=False, start_factor=1.0, end_factor=0.01, end=50_000
)
