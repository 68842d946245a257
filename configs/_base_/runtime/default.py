# What every run has in common.
default_scope = "mmsrkd"
custom_imports = dict(imports=["mmsrkd.registry"], allow_failed_imports=False)
work_dir = None  # work_dirs/<name of the config> unless --work-dir says otherwise

default_hooks = dict(
    timer=dict(type="IterTimerHook"),
    logger=dict(type="LoggerHook", interval=100),
    param_scheduler=dict(type="ParamSchedulerHook"),
    checkpoint=dict(type="SafeCheckpointHook", interval=1000, by_epoch=False, max_keep_ckpts=3),
    sampler_seed=dict(type="DistSamplerSeedHook"),
)
custom_hooks = [
    dict(type="StepSeedHook"),
    dict(type="TeacherReferenceHook"),
    dict(type="TeacherCheckHook"),  # does nothing where there is no teacher
    dict(type="ChannelsLastHook"),
]

env_cfg = dict(
    cudnn_benchmark=False,
    mp_cfg=dict(mp_start_method="fork", opencv_num_threads=0),
    dist_cfg=dict(backend="nccl"),  # gloo is taken where there is no GPU
)
log_level = "INFO"
log_processor = dict(type="LogProcessor", window_size=100, by_epoch=False)
vis_backends = [dict(type="LocalVisBackend")]
visualizer = dict(type="mmengine.Visualizer", vis_backends=vis_backends)
load_from = None
resume = False
randomness = dict(seed=0)
