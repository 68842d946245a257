# FAKD 2020: Adam, 1e-4, halved after 150,000 of 200,000 steps (150 of 200 epochs of 1,000 steps, as
# its code counts them).
train_cfg = dict(type="IterBasedTrainLoop", max_iters=200_000, val_interval=1_000_000_000)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="Adam", lr=1e-4, betas=(0.9, 0.999)))
param_scheduler = dict(type="MultiStepLR", by_epoch=False, milestones=[150_000], gamma=0.5)
