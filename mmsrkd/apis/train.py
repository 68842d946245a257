"""Train what a config describes."""

from __future__ import annotations

from mmengine.config import Config
from mmengine.runner import Runner

from mmsrkd import registry  # noqa: F401 - makes mmagic importable and our modules known
from mmsrkd.apis.distributed import prepare_launcher
from mmsrkd.apis.resume import resume_path


def train(
    config: Config,
    *,
    resume: str | None = None,
    amp: bool = False,
    auto_scale_lr: bool = False,
) -> Runner:
    """Train to the end, or go on with a run that was interrupted.

    Args:
        config: mmengine config with ``work_dir`` and ``launcher`` set.
        resume: ``auto`` for the newest sound checkpoint of the work dir, a file, or None to start anew.
        amp: Mixed precision (`AmpOptimWrapper`; bfloat16 on a CPU).
        auto_scale_lr: Scale the learning rate by batch size, as the config's ``auto_scale_lr`` says.

    Returns:
        The runner, trained.
    """
    prepare_launcher(config)
    if amp:
        use_amp(config)
    if auto_scale_lr:
        if "base_batch_size" not in config.get("auto_scale_lr", {}):
            raise KeyError("--auto-scale-lr needs auto_scale_lr=dict(base_batch_size=N) in the config")
        config.auto_scale_lr.enable = True
    checkpoint = resume_path(config.work_dir, resume) if resume else None
    config.resume = checkpoint is not None
    if checkpoint is not None:
        config.load_from = str(checkpoint)
    runner = Runner.from_cfg(config)
    try:
        runner.train()
    except KeyboardInterrupt:
        _save_on_interrupt(runner)
        raise
    return runner


def use_amp(config: Config) -> None:
    """Switch the optimiser wrapper to mixed precision.

    Raises:
        ValueError: If the config has a wrapper that has no mixed-precision form.
    """
    import torch

    kind = config.optim_wrapper.get("type", "OptimWrapper")
    if kind == "AmpOptimWrapper":
        return
    if kind != "OptimWrapper":
        raise ValueError(f"--amp turns OptimWrapper into AmpOptimWrapper; the config has {kind}")
    config.optim_wrapper.type = "AmpOptimWrapper"
    if torch.cuda.is_available():
        config.optim_wrapper.setdefault("loss_scale", "dynamic")
    else:
        config.optim_wrapper.setdefault("dtype", "bfloat16")


def _save_on_interrupt(runner: Runner) -> None:
    """Ctrl-C loses nothing: the step that was finished last is saved."""
    if runner.iter == 0:
        return
    name = f"iter_{runner.iter}.pth"
    runner.save_checkpoint(
        runner.work_dir,
        name,
        meta={"epoch": runner.epoch, "iter": runner.iter},
        by_epoch=False,
        backend_args={"backend": "mmsrkd.atomic"},
    )
    runner.logger.warning(f"interrupted: saved {runner.work_dir}/{name}; go on with --resume")
