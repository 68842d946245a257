# RFDN 2020: Adam, 5e-4, halved every 200,000 steps, a million in all. Quoted, not checked: the
# authors publish no training code.
train_cfg = dict(type="IterBasedTrainLoop", max_iters=1_000_000, val_interval=1_000_000_000)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="Adam", lr=5e-4, betas=(0.9, 0.999)))
param_scheduler = dict(type="StepLR", by_epoch=False, step_size=200_000, gamma=0.5)
