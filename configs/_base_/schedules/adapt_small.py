# What follows small_20k.py: 4,000 steps at a tenth of its learning rate, five times that for the
# domain classifier, which starts from nothing.
train_cfg = dict(type="IterBasedTrainLoop", max_iters=4_000, val_interval=1_000_000_000)
optim_wrapper = dict(
    type="OptimWrapper",
    optimizer=dict(type="Adam", lr=2e-4, betas=(0.9, 0.999)),
    paramwise_cfg=dict(custom_keys=dict(domain=dict(lr_mult=5))),
)
param_scheduler = dict(type="CosineAnnealingLR", by_epoch=False, eta_min=1e-6)
