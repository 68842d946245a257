# cxzhou95/XLSR: Adam, one cycle, 5e-5 up to 2.5e-3 in 50 epochs, down to 1e-4 in 4,950 more; an
# epoch of DIV2K has 50 steps.
train_cfg = dict(type="IterBasedTrainLoop", max_iters=250_000, val_interval=1_000_000_000)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="Adam", lr=5e-5, betas=(0.9, 0.999)))
param_scheduler = dict(
    type="OneCycleLR",
    by_epoch=False,
    total_steps=250_000,
    eta_max=2.5e-3,
    pct_start=0.01,
    div_factor=50,
    final_div_factor=0.5,
)
