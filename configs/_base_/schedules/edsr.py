# EDSR 2017 as in mmagic: Adam, 1e-4, halved after 200,000 of 300,000 steps.
train_cfg = dict(type="IterBasedTrainLoop", max_iters=300_000, val_interval=1_000_000_000)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="Adam", lr=1e-4, betas=(0.9, 0.999)))
param_scheduler = dict(type="MultiStepLR", by_epoch=False, milestones=[200_000], gamma=0.5)
