# yjn870/ESPCN-pytorch: Adam, 1e-3, a tenth of it for the last layer, a tenth of both
# after four fifths. Its 200 epochs are of T91; the number of steps on DIV2K is a guess.
train_cfg = dict(type="IterBasedTrainLoop", max_iters=100_000, val_interval=1_000_000_000)
optim_wrapper = dict(
    type="OptimWrapper",
    optimizer=dict(type="Adam", lr=1e-3, betas=(0.9, 0.999)),
    paramwise_cfg=dict(custom_keys=dict(last_part=dict(lr_mult=0.1))),
)
param_scheduler = dict(type="MultiStepLR", by_epoch=False, milestones=[80_000], gamma=0.1)
