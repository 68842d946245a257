"""The line of a config that makes its training quantisation-aware."""

from __future__ import annotations

import copy
import logging
from collections.abc import Mapping
from typing import Any

from mmengine.config import Config
from mmengine.logging import print_log

from mmsrkd.checkpoints import SPAN_NCNN_PREFIX, read_checkpoint

from .scheme import build_scheme

#: What ``quantization = dict(...)`` may say.
KEYS = ("scheme", "checkpoint", "observe", "freeze")


def quantised_like(generator: dict[str, Any], checkpoint: str | None) -> dict[str, Any]:
    """The config of a network, quantised as a published checkpoint says that its network is.

    The numbers of the file count, also where the config quantises with others: the ranges in it
    belong to them.

    Args:
        generator: Network config.
        checkpoint: A file, ``span-ncnn:NAME``, or None.
    """
    if checkpoint is None or checkpoint.startswith(SPAN_NCNN_PREFIX):
        return generator
    said = read_checkpoint(checkpoint).get("meta", {})
    network = said.get("network") if isinstance(said, dict) else None
    if not isinstance(network, dict) or network.get("type") != "Quantized":
        return generator
    own = float_config(generator)
    return {"type": "Quantized", "network": own, "scheme": network.get("scheme", {})}


def float_config(generator: dict[str, Any]) -> dict[str, Any]:
    """The config of the float network behind a network config; itself where it is one."""
    return generator["network"] if generator["type"] == "Quantized" else generator


def resolved(generator: dict[str, Any]) -> dict[str, Any]:
    """The config of a network with every number of its scheme written out, as published files say.

    A preset may get other numbers in a later version; a file must not change with it.
    """
    if generator["type"] != "Quantized":
        return generator
    return {**generator, "scheme": build_scheme(**generator.get("scheme", {})).as_dict()}


def apply_quantization(config: Config, *, train: bool = False) -> Config:
    """Carry out a config's ``quantization``, in place; nothing where there is none.

    The generator becomes `build_quantised`'s, a `QATHook` is added for training. Done once: the
    entry goes away.

    Args:
        config: ``quantization=dict(scheme=dict(preset="cpu"), checkpoint=FLOAT, observe=0.05,
            freeze=0.8)``, all but the scheme optional: the float weights to begin with, and the
            phases as `QATHook` takes them.
        train: Whether the config is about to train; else the float weights are not looked for.

    Raises:
        KeyError: For an unknown key.
    """
    said = config.get("quantization")
    if not said:
        return config
    unknown = sorted(set(said) - set(KEYS))
    if unknown:
        raise KeyError(f"quantization has no {', '.join(unknown)}; it has {', '.join(KEYS)}")
    generator: dict[str, Any] = {
        "type": "Quantized",
        "network": copy.deepcopy(config.model.generator),
        "scheme": dict(said.get("scheme", {})),
    }
    if train:
        _advise(said.get("scheme", {}), config.get("optim_wrapper", {}))
        if said.get("checkpoint"):
            generator["checkpoint"] = said.checkpoint
        phases = {key: said[key] for key in ("observe", "freeze") if key in said}
        hooks = config.get("custom_hooks") or []
        config.custom_hooks = [*hooks, {"type": "QATHook", **phases}]
    # a new model: Config.copy() shares the old one with the config it was copied from
    config.model = {**config.model, "generator": generator}
    config.pop("quantization")
    return config


def _advise(scheme: Mapping[str, Any], optim_wrapper: Mapping[str, Any]) -> None:
    """Warn of learnt steps at the rate of the weights: a step is a thousandth of what it rounds."""
    own = (optim_wrapper.get("paramwise_cfg") or {}).get("custom_keys", {})
    if scheme.get("learned_step") and not any("spots" in key for key in own):
        print_log(
            "quantisation: learned_step without a rate of its own, so that steps move as fast as "
            "weights, which are far larger; usual is optim_wrapper.paramwise_cfg="
            "dict(custom_keys=dict(spots=dict(lr_mult=0.1)))",
            "current",
            logging.WARNING,
        )
