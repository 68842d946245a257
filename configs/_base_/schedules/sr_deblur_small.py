# The same on 3,000 steps, for two CPU cores, in bfloat16, with one cycle of a higher rate.
train_cfg = dict(type="IterBasedTrainLoop", max_iters=3_000, val_interval=1_000_000_000)
optim_wrapper = dict(
    type="BFloat16OptimWrapper", optimizer=dict(type="Adam", lr=5e-4, betas=(0.9, 0.999))
)
param_scheduler = dict(type="CosineAnnealingLR", by_epoch=False, eta_min=1e-6)
