# ECBSR, its ecbsr_x2_m4c16_prelu.yml: Adam, 5e-4 throughout, 1,000 epochs of 64 patches an image.
train_cfg = dict(type="IterBasedTrainLoop", max_iters=1_600_000, val_interval=1_000_000_000)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="Adam", lr=5e-4, betas=(0.9, 0.999)))
param_scheduler = dict(type="ConstantLR", factor=1.0, by_epoch=False)
