"""From a config and a checkpoint to an ONNX file, by mmdeploy."""

from __future__ import annotations

import copy
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from mmdeploy.apis import torch2onnx
from mmengine.config import Config
from mmengine.registry import DefaultScope

from mmsrkd.models.restorers.student import editor_config, require_preprocessor
from mmsrkd.quantization import apply_quantization, float_config

from .config import deploy_config
from .errors import ExportError
from .outputs import OUTPUT
from .quiet import quiet
from .shapes import Shape

#: What a dynamic file is traced with.
_TRACED = (1, 3, 40, 56)


def plain_config(config: str | os.PathLike[str] | Config) -> Config:
    """Return the config of the network alone, which of a distilling one is its student.

    Raises:
        ValueError: As `deployed_model`.
    """
    source = config if isinstance(config, Config) else Config.fromfile(os.fspath(config))
    # mmdeploy gets what it needs and no more: datasets may be absent where a network is exported
    scope = source.get("default_scope", "mmsrkd")
    return Config({"model": deployed_model(source), "default_scope": scope, "test_cfg": {}})


def deployed_model(config: Config) -> dict[str, Any]:
    """Return the ``model`` of a config as it is deployed; the config is left alone.

    That is the plain editor: of a distilling model its student, and the network quantised where the
    config has a ``quantization``.

    Raises:
        ValueError: If there is no ``model.generator`` or no ``model.data_preprocessor``.
    """
    source = copy.deepcopy(config)
    model = source.get("model") or {}
    if "generator" not in model:
        raise ValueError(
            "the config has no model.generator: give the config the network trained with"
        )
    require_preprocessor(model)
    return editor_config(apply_quantization(source).model)


def network_name(generator: dict[str, Any]) -> str:
    """Return the type of a network config without its scope."""
    kind = float_config(generator)["type"]
    return str(kind.rpartition(".")[2] if isinstance(kind, str) else kind.__name__)


def to_onnx(
    draft: Path,
    model_cfg: Config,
    checkpoint: str | os.PathLike[str] | None,
    *,
    static: Shape | None,
    precision: str = "fp32",
    outputs: Sequence[str] = (OUTPUT,),
) -> None:
    """Write the ONNX file of a network; ``int8`` gives explicit Q/DQ.

    Every runtime is given this one file: with another backend in its config mmdeploy rewrites
    operators into its own, which need its compiled plugins.

    Args:
        draft: The file, in a folder that exists.
        model_cfg: As `plain_config` returns it.
        checkpoint: As for `mmsrkd.deploy.network.build_network`.
        static: Shape of the only input; None for any.
        precision: ``int8`` for a quantised network, else a float one is written.
        outputs: What the file calls the images of the network.

    Raises:
        ExportError: If the network cannot be exported.
    """
    deploy = Config(
        deploy_config("onnxruntime", shape=static, precision=precision, outputs=outputs)
    )
    shape = static or _TRACED
    image = np.zeros((*shape[2:], 3), np.uint8)
    weights = None if checkpoint is None else os.fspath(checkpoint)
    try:
        with quiet(), DefaultScope.overwrite_default_scope(model_cfg.default_scope):
            torch2onnx(
                [image] * shape[0], str(draft.parent), draft.name, deploy, model_cfg, weights, "cpu"
            )
    except Exception as error:  # an operator or a rewriter may die of anything
        cause = next(iter(str(error).strip().splitlines()), "") or "no message"
        kind = network_name(model_cfg.model.generator).lower()
        raise ExportError(f"{kind} cannot be exported ({type(error).__name__}: {cause})") from error
