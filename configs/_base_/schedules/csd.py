# CSD 2021, its code: Adam, 1e-4, a tenth after 200 of 400 epochs of 1,000 steps; batch 16.
train_cfg = dict(type="IterBasedTrainLoop", max_iters=400_000, val_interval=1_000_000_000)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="Adam", lr=1e-4, betas=(0.9, 0.999)))
param_scheduler = dict(type="StepLR", by_epoch=False, step_size=200_000, gamma=0.1)
