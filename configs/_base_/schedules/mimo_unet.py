# MIMO-UNet 2021: Adam, 1e-4, halved every 500 of 3,000 epochs of 526 steps (2,103 images by 4).
train_cfg = dict(type="IterBasedTrainLoop", max_iters=1_578_000, val_interval=1_000_000_000)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="Adam", lr=1e-4, betas=(0.9, 0.999)))
param_scheduler = dict(type="StepLR", by_epoch=False, step_size=263_000, gamma=0.5)
