# TAKDSR 2023: Adam, 1e-3 down to 1e-4 on a cosine, 100 epochs. Its epoch is 5,000 rendered frames
# and its batch is not given: of 16, as many steps are 31,250.
train_cfg = dict(type="IterBasedTrainLoop", max_iters=31_250, val_interval=1_000_000_000)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="Adam", lr=1e-3, betas=(0.9, 0.999)))
param_scheduler = dict(type="CosineAnnealingLR", by_epoch=False, eta_min=1e-4)
