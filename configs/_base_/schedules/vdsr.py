# VDSR 2016: SGD, 0.1, a tenth every 20 of 80 epochs, 9,960 steps in all; quoted, not checked. The
# threshold of the gradient, 0.4, is that of twtygqyy/pytorch-vdsr, which sums the squares, as the
# losses here do.
train_cfg = dict(type="IterBasedTrainLoop", max_iters=9_960, val_interval=1_000_000_000)
optim_wrapper = dict(
    type="OptimWrapper",
    optimizer=dict(type="SGD", lr=0.1, momentum=0.9, weight_decay=1e-4),
    clip_grad=dict(max_norm=0.4),
)
param_scheduler = dict(type="StepLR", by_epoch=False, step_size=2_490, gamma=0.1)
