# A fifth of small_20k.py's steps, as the paper's quantisation-aware training takes a fifth of the
# epochs, with a learning rate that falls from 1e-4.
max_iters = 4_000
train_cfg = dict(type="IterBasedTrainLoop", max_iters=max_iters, val_interval=1_000_000_000)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="Adam", lr=1e-4, betas=(0.9, 0.999)))
param_scheduler = dict(type="CosineAnnealingLR", by_epoch=False, eta_min=1e-7)
