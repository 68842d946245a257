"""Train what a config describes."""

from __future__ import annotations

from pathlib import Path

import torch
from mmengine.config import Config
from mmengine.logging import print_log
from mmengine.runner import Runner

from mmsrkd import registry  # noqa: F401 - makes mmagic importable and our modules known
from mmsrkd.apis.distributed import prepare_launcher
from mmsrkd.apis.placeholders import require_resolved
from mmsrkd.apis.provenance import provenance
from mmsrkd.apis.resume import resume_path
from mmsrkd.checkpoints import CheckpointMismatchError, read_checkpoint
from mmsrkd.checkpoints.convert import state_of
from mmsrkd.checkpoints.load import adapt_form, explain_mismatch
from mmsrkd.engine import InitialiseHook, InterruptHook, ProvenanceHook, ShortHistoryHook
from mmsrkd.engine.config_text import FormattedOnceConfig
from mmsrkd.quantization import apply_quantization


def train(
    config: Config,
    *,
    resume: str | None = None,
    amp: bool = False,
    auto_scale_lr: bool = False,
) -> Runner:
    """Train to the end, or go on with a run that was interrupted.

    Args:
        config: mmengine config with ``work_dir`` and ``launcher`` set. Besides what mmengine reads,
            ``init_from=dict(checkpoint=..., prefix=...)``, or a list of such dicts, starts a new
            run from other networks (`InitialiseHook`), and ``quantization=dict(scheme=...,
            checkpoint=...)`` makes it quantisation-aware (`apply_quantization`).
        resume: ``auto`` for the newest sound checkpoint of the work dir, a file, or None to start
            anew.
        amp: Mixed precision (`AmpOptimWrapper`; on a CPU `BFloat16OptimWrapper`).
        auto_scale_lr: Scale the learning rate by batch size, as the config's ``auto_scale_lr``
            says.

    Returns:
        The runner, trained.

    Raises:
        KeyboardInterrupt: On Ctrl-C, after the running step was finished and saved.
    """
    require_resolved(config)
    prepare_launcher(config)
    if amp:
        use_amp(config)
    if auto_scale_lr:
        if "base_batch_size" not in config.get("auto_scale_lr", {}):
            raise KeyError(
                "--auto-scale-lr needs auto_scale_lr=dict(base_batch_size=N) in the config"
            )
        config.auto_scale_lr.enable = True
    checkpoint = resume_path(config.work_dir, resume) if resume else None
    config.resume = checkpoint is not None
    if checkpoint is not None:
        config.load_from = str(checkpoint)
        _keep_seed(config, checkpoint)
    apply_quantization(config, train=True)
    runner = Runner.from_cfg(FormattedOnceConfig.of(config))
    if config.get("init_from"):
        if config.get("load_from") and checkpoint is None:
            raise ValueError("load_from and init_from both fill the network; give one of them")
        start = InitialiseHook(config.init_from)
        if checkpoint is None:
            start.check(getattr(runner.model, "module", runner.model).generator)
        runner.register_hook(start)
    if config.get("load_from"):
        require_fit(runner.model, config.load_from)
    interrupt = InterruptHook()
    for hook in (ProvenanceHook(provenance()), ShortHistoryHook(), interrupt):
        runner.register_hook(hook)
    with interrupt.catching():
        runner.train()
    return runner


def _keep_seed(config: Config, checkpoint: Path) -> None:
    """Go on with the seed the run began with: order and augmentation of the data depend on it."""
    seed = read_checkpoint(checkpoint)["meta"].get("seed")
    wanted = config.get("randomness", {}).get("seed")
    if seed is not None:
        if wanted not in (None, seed):
            print_log(
                f"--resume: going on with seed {seed} of the checkpoint, not {wanted}", "current"
            )
        config.merge_from_dict({"randomness": {"seed": seed}})


def require_fit(model: torch.nn.Module, path: str) -> None:
    """Refuse weights of another network; mmengine would warn and train on noise.

    Keys may be missing or left over (a head that is new, a distillation block that is gone), shapes
    may not differ.

    Raises:
        CheckpointMismatchError: Naming file, network and the three most telling differences.
    """
    generator: torch.nn.Module = getattr(model, "module", model).generator  # type: ignore[assignment]
    state = state_of(read_checkpoint(path), getattr(generator, "scale", None), str(path))
    problem = explain_mismatch(generator, adapt_form(generator, state), str(path), strict=False)
    missing = set(generator.state_dict()) - set(state)
    other_form = any(".sk." in key for key in missing) and any(
        ".eval_conv." in key for key in state
    )
    if problem is None and (other_form or not set(state) & set(generator.state_dict())):
        problem = explain_mismatch(generator, state, str(path))
    if problem is not None:
        raise CheckpointMismatchError(problem)


def use_amp(config: Config) -> None:
    """Switch the optimiser wrapper to mixed precision.

    Raises:
        ValueError: If the config has a wrapper that has no mixed-precision form.
    """
    kind = config.optim_wrapper.get("type", "OptimWrapper")
    if kind in ("AmpOptimWrapper", "BFloat16OptimWrapper"):
        return
    if kind != "OptimWrapper":
        raise ValueError(f"--amp turns OptimWrapper into AmpOptimWrapper; the config has {kind}")
    if torch.cuda.is_available():
        config.optim_wrapper.type = "AmpOptimWrapper"
        config.optim_wrapper.setdefault("loss_scale", "dynamic")
    else:
        config.optim_wrapper.type = "BFloat16OptimWrapper"
