# LSFD 2021 trains 300 epochs, 300,000 steps if it counts as FAKD does; learning rate and decay are
# FAKD's, since its own are not known here.
train_cfg = dict(type="IterBasedTrainLoop", max_iters=300_000, val_interval=1_000_000_000)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="Adam", lr=1e-4, betas=(0.9, 0.999)))
param_scheduler = dict(type="MultiStepLR", by_epoch=False, milestones=[150_000], gamma=0.5)
