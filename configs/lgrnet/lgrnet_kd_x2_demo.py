# What `make demo` trains: LGR-Net-T from SPAN on the pictures that come with scikit-image, in a few
# minutes on two CPU cores. Too few pictures to prove anything; enough to see that it learns.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/sample_images_x2.py",
    "../_base_/distill/span_lgrnet_b4.py",
]
model = dict(
    type="DistillEditModel",
    # Three switches that make the first minutes count: pixel attention multiplies small numbers and
    # wakes up late, the image residual leaves only the details to learn, and so does a zero mean.
    generator=dict(
        type="LGRNet",
        preset="T",
        scale=2,
        attention="none",
        global_residual="image",
        mean=[0.5, 0.5, 0.5],
    ),
    pixel_loss=dict(loss_weight={{_base_.gamma}}),
    distill={{_base_.distill}},
)

# Seven of the eleven training pictures are grey, the held-out ones are not. Small batches: for so
# short a run, many steps are worth more than good gradients.
train_pipeline = [*_base_.train_dataloader.dataset.pipeline[:-1]]
train_dataloader = dict(
    batch_size=4,
    dataset=dict(pipeline=[*train_pipeline, dict(type="RandomColourMix"), dict(type="PackInputs")]),
)

max_iters = 2000
warm_up = max_iters // 20
train_cfg = dict(type="IterBasedTrainLoop", max_iters=max_iters, val_interval=1_000_000_000)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="Adam", lr=2e-3, betas=(0.9, 0.999)))
param_scheduler = [
    dict(type="LinearLR", start_factor=0.05, by_epoch=False, begin=0, end=warm_up),
    dict(type="CosineAnnealingLR", by_epoch=False, begin=warm_up, end=max_iters, eta_min=1e-6),
]
default_hooks = dict(logger=dict(interval=20), checkpoint=dict(interval=250, max_keep_ckpts=2))
log_processor = dict(window_size=20)
