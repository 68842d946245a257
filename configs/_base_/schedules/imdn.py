# IMDN 2019, its train_IMDN.py: Adam, 2e-4, halved every 200 of 1,000 epochs of 1,000 steps.
train_cfg = dict(type="IterBasedTrainLoop", max_iters=1_000_000, val_interval=1_000_000_000)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="Adam", lr=2e-4, betas=(0.9, 0.999)))
param_scheduler = dict(type="StepLR", by_epoch=False, step_size=200_000, gamma=0.5)
