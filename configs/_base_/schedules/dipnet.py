# A guess: DIPNet's own training (distillation, pruning, three kinds of supervision) is not
# published, so RLFN's, whose graph it is.
train_cfg = dict(type="IterBasedTrainLoop", max_iters=1_000_000, val_interval=1_000_000_000)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="Adam", lr=5e-4, betas=(0.9, 0.999)))
param_scheduler = dict(type="StepLR", by_epoch=False, step_size=200_000, gamma=0.5)
