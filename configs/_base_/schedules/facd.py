# FACD 2023: Adam, 2e-4, 600 epochs of 1,000 steps, "halved after 150 epochs", which is read as
# every 150, as in the code of FAKD it follows.
train_cfg = dict(type="IterBasedTrainLoop", max_iters=600_000, val_interval=1_000_000_000)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="Adam", lr=2e-4, betas=(0.9, 0.999)))
param_scheduler = dict(
    type="MultiStepLR", by_epoch=False, milestones=[150_000, 300_000, 450_000], gamma=0.5
)
