# SAFMN, its train_DF2K_X2.yml: Adam, 1e-3 down to 1e-5 on a cosine. The moving average of the
# weights (0.999) that it keeps is left out.
train_cfg = dict(type="IterBasedTrainLoop", max_iters=500_000, val_interval=1_000_000_000)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="Adam", lr=1e-3, betas=(0.9, 0.99)))
param_scheduler = dict(type="CosineAnnealingLR", by_epoch=False, eta_min=1e-5)
