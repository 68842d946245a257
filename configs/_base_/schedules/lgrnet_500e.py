# LGR-Net 2025: 500 epochs, learning rate 1e-4 on a cosine. The optimiser is not given: Adam, as its
# peers.
train_cfg = dict(type="EpochLengthTrainLoop", max_epochs=500, val_interval=1_000_000_000)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="Adam", lr=1e-4, betas=(0.9, 0.999)))
param_scheduler = dict(type="CosineAnnealingLR", by_epoch=False, eta_min=1e-7)
