# The SR-deblur paper: Adam, 1e-4, 2,000 epochs in all, here 1,000 a phase of 526 steps each
# (GoPro's 2,103 images by 4); halved every 500 as MIMO-UNet is, since the paper does not say.
train_cfg = dict(type="IterBasedTrainLoop", max_iters=526_000, val_interval=1_000_000_000)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="Adam", lr=1e-4, betas=(0.9, 0.999)))
param_scheduler = dict(type="StepLR", by_epoch=False, step_size=263_000, gamma=0.5)
