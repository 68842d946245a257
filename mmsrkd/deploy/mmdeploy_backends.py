"""The runtimes of `mmsrkd.deploy.backends` inside mmdeploy's own conversion and inference.

mmdeploy 1.3.1 converts to OpenVINO with ``mo`` and runs it with ``openvino.inference_engine``, both
gone from OpenVINO since 2024, and to ncnn with a program that has to be compiled. So its backend
managers are succeeded by ones that convert and run with ours wherever a deployment config names the
codebase ``mmsrkd``; for every other codebase they do what mmdeploy's do.

TensorRT is left out: mmdeploy converts for it in a new process, which reads no config and so has
not heard of this package; ``tools/export.py`` builds the engine.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch
from mmdeploy.backend.base import BACKEND_MANAGERS, BaseWrapper
from mmdeploy.backend.ncnn import NCNNManager
from mmdeploy.backend.onnxruntime import ONNXRuntimeManager
from mmdeploy.backend.openvino import OpenVINOManager
from mmdeploy.utils import load_config

from .backends import Artefact, get_backend
from .config import precision_of
from .onnx_file import finish
from .quiet import quiet


class Wrapper(BaseWrapper):
    """An opened artefact as mmdeploy calls it.

    Args:
        artefact: The files.
        output_names: One name.
    """

    def __init__(self, artefact: Artefact, output_names: Sequence[str]) -> None:
        super().__init__(list(output_names))
        self.run = get_backend(artefact.backend).open(artefact, torch.get_num_threads())

    def forward(self, inputs: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """Run the only input, (N, 3, H, W), to the only output."""
        (image,) = inputs.values()
        out = self.run(np.ascontiguousarray(image.detach().cpu().numpy()))
        return {self.output_names[0]: torch.from_numpy(np.array(out))}


class _Succeeding:
    """Mixed in before one of mmdeploy's managers."""

    runtime: ClassVar[str]

    @classmethod
    def to_backend(
        cls, ir_files: Sequence[str], work_dir: str, deploy_cfg: Any = None, **kwargs: Any
    ) -> Sequence[str]:
        """Convert ONNX files; ``kwargs`` are mmdeploy's, who gets them where it converts."""
        if not _is_ours(deploy_cfg):
            stock: Any = super()
            return stock.to_backend(ir_files, work_dir, deploy_cfg=deploy_cfg, **kwargs)
        made = [_convert(cls.runtime, Path(path), Path(work_dir), deploy_cfg) for path in ir_files]
        return [os.fspath(path) for artefact in made for path in artefact.files]

    @classmethod
    def build_wrapper(
        cls,
        backend_files: Sequence[str],
        device: str = "cpu",
        input_names: Sequence[str] | None = None,
        output_names: Sequence[str] | None = None,
        deploy_cfg: Any = None,
        **kwargs: Any,
    ) -> torch.nn.Module:
        """Open what `to_backend` returned; the signature is mmdeploy's."""
        if not _is_ours(deploy_cfg):
            stock: Any = super()
            return stock.build_wrapper(
                backend_files, device, input_names, output_names, deploy_cfg, **kwargs
            )
        (config,) = load_config(deploy_cfg)
        files = tuple(map(Path, backend_files))
        artefact = Artefact(cls.runtime, precision_of(config), files)
        return Wrapper(artefact, output_names or ["output"])


class OnnxRuntimeSuccessor(_Succeeding, ONNXRuntimeManager):
    """Converts and runs with `mmsrkd.deploy.backends.onnxruntime`."""

    runtime = "onnxruntime"


class OpenVinoSuccessor(_Succeeding, OpenVINOManager):
    """Converts and runs with `mmsrkd.deploy.backends.openvino`."""

    runtime = "openvino"


class NcnnSuccessor(_Succeeding, NCNNManager):
    """Converts and runs with `mmsrkd.deploy.backends.ncnn`."""

    runtime = "ncnn"


# quiet, because mmdeploy reports every manager that another one succeeds
with quiet():
    for _kind in (OnnxRuntimeSuccessor, OpenVinoSuccessor, NcnnSuccessor):
        BACKEND_MANAGERS.register(_kind.runtime)(_kind)


def _is_ours(deploy_cfg: Any) -> bool:
    if deploy_cfg is None:
        return False
    (config,) = load_config(deploy_cfg)
    return config.get("codebase_config", {}).get("type") == "mmsrkd"


def _convert(runtime: str, onnx_file: Path, work_dir: Path, deploy_cfg: Any) -> Artefact:
    (config,) = load_config(deploy_cfg)
    precision = precision_of(config)
    finish(onnx_file, {})
    stem = onnx_file.stem if precision == "fp32" else f"{onnx_file.stem}_{precision}"
    return get_backend(runtime).convert(onnx_file, precision, work_dir / stem)
