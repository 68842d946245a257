# PISR 2020 trains FSRCNN on DIV2K: Adam, 1e-3 down to 1e-5 on a cosine, 1,000 epochs. In its code,
# as in EDSR's, an epoch is 1,000 steps of 16 patches, not one pass over the 800 images.
train_cfg = dict(type="IterBasedTrainLoop", max_iters=1_000_000, val_interval=1_000_000_000)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="Adam", lr=1e-3, betas=(0.9, 0.999)))
param_scheduler = dict(type="CosineAnnealingLR", by_epoch=False, eta_min=1e-5)
