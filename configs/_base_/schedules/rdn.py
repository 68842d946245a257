# RDN as in mmagic: Adam, 1e-4, halved every 200,000 steps, a million in all.
train_cfg = dict(type="IterBasedTrainLoop", max_iters=1_000_000, val_interval=1_000_000_000)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="Adam", lr=1e-4, betas=(0.9, 0.999)))
param_scheduler = dict(
    type="MultiStepLR", by_epoch=False, milestones=[200_000, 400_000, 600_000, 800_000], gamma=0.5
)
