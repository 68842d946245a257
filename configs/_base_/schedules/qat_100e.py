# Quantisation-aware training of LGR-Net 2025: a fifth of the 500 epochs, learning rate 1e-5.
train_cfg = dict(type="EpochLengthTrainLoop", max_epochs=100, val_interval=1_000_000_000)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="Adam", lr=1e-5, betas=(0.9, 0.999)))
param_scheduler = dict(type="CosineAnnealingLR", by_epoch=False, eta_min=1e-7)
