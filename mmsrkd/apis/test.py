"""Test a network on every benchmark set that is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import torch
from mmengine.config import Config
from mmengine.dist import master_only
from mmengine.hooks import Hook
from mmengine.logging import print_log
from mmengine.runner import Runner

from mmsrkd import registry  # noqa: F401 - makes mmagic importable and our modules known
from mmsrkd.apis.distributed import prepare_launcher
from mmsrkd.apis.provenance import provenance
from mmsrkd.checkpoints import load_network
from mmsrkd.datasets.benchmark_dataset import select_present, set_name
from mmsrkd.models.networks.reparam import switch_to_deploy
from mmsrkd.models.restorers.student import require_preprocessor, student_config
from mmsrkd.quantization import apply_quantization, is_quantised, quantised_like, quantizer_of

_TRAINING_KEYS = (
    *("train_dataloader", "train_cfg", "optim_wrapper", "param_scheduler"),
    *("val_dataloader", "val_cfg", "val_evaluator"),
)


def test(
    config: Config, checkpoint: str | None = None, *, sets: Sequence[str] | None = None
) -> dict[str, Any]:
    """Measure the network of ``config``; of a distilling model, the student.

    Args:
        config: mmengine config with ``test_dataloader`` and ``test_evaluator``, one per set.
        checkpoint: Weights: a file of any known kind, or ``span-ncnn:NAME``. Optional only for a
            network without weights.
        sets: Names of the test sets to use; None for all.

    Returns:
        ``Set5/PSNR_Y`` and the like, per image too (``Set5/baby/PSNR_Y``), ``protocol/...``
        sentences, and ``meta/...`` entries. Where the network is fed the truth, every metric is
        called ``..._privileged``.

    Raises:
        MissingDataError: If no test set is there.
        ValueError: If the network has weights and no checkpoint is given.
    """
    prepare_launcher(config)
    missing = prepare_for_test(config, sets)
    if missing:
        print_log(f"test sets not under the data root, left out: {', '.join(missing)}", "current")
    config.model.generator = quantised_like(config.model.generator, checkpoint)
    runner = _TestRunner.from_cfg(config)
    runner._has_loaded = True  # the weights are ours to load, in whatever form they come
    load_weights(runner.model, checkpoint)
    # as in training; most networks are faster so on a CPU, PAN nearly twice
    _bare(runner).generator.to(memory_format=torch.channels_last)
    collect = _CollectMetrics()
    runner.register_hook(collect)
    runner.test()
    result: dict[str, Any] = {k: float(v) for k, v in collect.metrics.items()}
    metrics = _metrics(runner)
    for metric in metrics:
        result |= metric.flat_per_image()
    result |= protocols((m.prefix or "test", m.metric, m.protocol) for m in metrics)
    privileged = getattr(_bare(runner), "privileged", None)
    if privileged:
        result = _marked(result, privileged)
    return {**result, "missing_sets": missing, "checkpoint": _shown(checkpoint), **provenance()}


def _bare(runner: Runner) -> Any:
    """The model without what distributed runs wrap it in."""
    return getattr(runner.model, "module", runner.model)


def protocols(measured: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Say how every metric was measured, once where all sets were measured alike.

    Args:
        measured: Set, metric and sentence.

    Returns:
        ``protocol/PSNR_Y``, or ``protocol/Set5/PSNR_Y`` and so on where sets differ, as they do by
        the pixels that are cut off at another scale.
    """
    by_metric: dict[str, dict[str, str]] = {}
    for name, metric, sentence in measured:
        by_metric.setdefault(metric, {})[name] = sentence
    found: dict[str, str] = {}
    for metric, by_set in by_metric.items():
        if len(set(by_set.values())) == 1:
            found[f"protocol/{metric}"] = next(iter(by_set.values()))
        else:
            found |= {f"protocol/{name}/{metric}": said for name, said in by_set.items()}
    return found


def _marked(result: dict[str, Any], reason: str) -> dict[str, Any]:
    """Spell in every key and protocol that the network had seen the truth."""
    return {
        f"{key}_privileged": f"{value}; {reason}" if isinstance(value, str) else value
        for key, value in result.items()
    }


class _TestRunner(Runner):
    """Leaves the config in the folder it works in alone, which may be that of a training."""

    @master_only
    def dump_config(self) -> None:
        """Write the reduced config beside the log of the test."""
        source = self.cfg.filename
        name = f"{self.timestamp}.py" if source is None else Path(source).name
        self.cfg.dump(Path(self._log_dir) / name)


class _CollectMetrics(Hook):
    """Keeps what the test loop hands to its hooks: mmagic's returns nothing."""

    def __init__(self) -> None:
        self.metrics: dict[str, float] = {}

    def after_test_epoch(self, runner: Runner, metrics: dict[str, float] | None = None) -> None:
        self.metrics = dict(metrics or {})


def prepare_for_test(config: Config, sets: Sequence[str] | None = None) -> list[str]:
    """Reduce a config to what a test needs, in place; returns the names of absent test sets.

    Raises:
        KeyError: If no sets are configured.
        ValueError: If the model has no ``data_preprocessor``.
    """
    config.model = require_preprocessor(student_config(apply_quantization(config).model))
    for key in _TRAINING_KEYS:
        config.pop(key, None)
    config.custom_hooks = []
    config.load_from, config.resume = None, False
    loaders, evaluators = config.get("test_dataloader"), config.get("test_evaluator")
    if loaders is None or evaluators is None:
        raise KeyError(
            "the config has no test_dataloader/test_evaluator; add a "
            "_base_/datasets/benchmarks_x*.py"
        )
    missing: list[str] = []
    if isinstance(loaders, list):
        loaders, evaluators = _only(sets, loaders, evaluators)
        config.test_dataloader, config.test_evaluator, missing = select_present(loaders, evaluators)
    return missing


def _only(
    names: Sequence[str] | None, loaders: list[Any], evaluators: list[Any]
) -> tuple[Any, Any]:
    if names is None:
        return loaders, evaluators
    known = [
        set_name(loader["dataset"], evaluator)
        for loader, evaluator in zip(loaders, evaluators, strict=True)
    ]
    for name in names:
        if name not in known:
            raise KeyError(
                f"--sets: the config has no test set {name!r}; it has {', '.join(map(str, known))}"
            )
    chosen = [known.index(name) for name in names]
    return [loaders[i] for i in chosen], [evaluators[i] for i in chosen]


def load_weights(model: Any, checkpoint: str | None) -> None:
    """Load weights into ``model.generator`` in its deploy form."""
    model = getattr(model, "module", model)
    if checkpoint is None:
        has_weights = any(True for _ in model.generator.parameters())
        if has_weights and not hasattr(model.generator, "weights_file"):
            raise ValueError(
                f"{type(model.generator).__name__} has weights, so test needs a checkpoint: "
                "`python tools/test.py CONFIG CHECKPOINT`"
            )
        return
    # weights in train form are merged as they are loaded
    load_network(switch_to_deploy(model.generator), checkpoint)
    if is_quantised(model.generator):
        quantizer_of(model.generator).require_scales()


def _metrics(runner: Runner) -> list[Any]:
    loop = runner.test_loop
    evaluators = getattr(loop, "evaluators", None) or [loop.evaluator]
    return [m for e in evaluators for m in e.metrics if hasattr(m, "flat_per_image")]


def _shown(checkpoint: str | None) -> str | None:
    return None if checkpoint is None else Path(checkpoint).name
