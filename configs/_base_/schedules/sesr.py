# SESR, its train.py: Adam with AMSGrad, 2e-4 throughout, 300 epochs of 64 patches of each image.
train_cfg = dict(type="IterBasedTrainLoop", max_iters=480_000, val_interval=1_000_000_000)
optim_wrapper = dict(
    type="OptimWrapper", optimizer=dict(type="Adam", lr=2e-4, betas=(0.9, 0.999), amsgrad=True)
)
param_scheduler = dict(type="ConstantLR", factor=1.0, by_epoch=False)
