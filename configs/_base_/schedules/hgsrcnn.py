# HGSRCNN 2022, its train.py: Adam, 1e-4, halved after 400,000 of 600,000 steps, clipped gradients.
train_cfg = dict(type="IterBasedTrainLoop", max_iters=600_000, val_interval=1_000_000_000)
optim_wrapper = dict(
    type="OptimWrapper",
    optimizer=dict(type="Adam", lr=1e-4, betas=(0.9, 0.999)),
    clip_grad=dict(max_norm=10.0),
)
param_scheduler = dict(type="MultiStepLR", by_epoch=False, milestones=[400_000], gamma=0.5)
