# NAFNet as in mmagic: AdamW, 1e-3 down to 1e-7 on a cosine.
train_cfg = dict(type="IterBasedTrainLoop", max_iters=400_000, val_interval=1_000_000_000)
optim_wrapper = dict(
    type="OptimWrapper", optimizer=dict(type="AdamW", lr=1e-3, weight_decay=1e-3, betas=(0.9, 0.9))
)
param_scheduler = dict(type="CosineAnnealingLR", by_epoch=False, eta_min=1e-7)
