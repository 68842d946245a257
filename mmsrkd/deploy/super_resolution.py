from __future__ import annotations

import copy
import os
from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
import torch
from mmdeploy.codebase.mmagic.deploy.super_resolution import (
    SuperResolution as MMagicSuperResolution,
)
from mmdeploy.utils import Task
from mmengine.config import Config
from mmengine.dataset import pseudo_collate
from mmengine.registry import MODELS
from torch import nn

from mmsrkd.datasets.transforms.loading import LoadCheckedImage
from mmsrkd.models.networks.reparam import switch_to_deploy
from mmsrkd.quantization import float_config

from .codebase import MMSRKD_TASK
from .config import precision_of
from .network import build_network, load_weights
from .to_onnx import deployed_model, network_name


@MMSRKD_TASK.register_module(Task.SUPER_RESOLUTION.value)
class SuperResolution(MMagicSuperResolution):
    """mmdeploy's super-resolution task for configs of mmsrkd, and of plain mmagic editors.

    Differs from mmagic's: a distilling config deploys its student, one with a ``quantization`` the
    quantised network, re-parameterised blocks are merged, weights come from any checkpoint
    `mmsrkd.checkpoints` reads, and no ``test_pipeline`` is needed in the config: images are read,
    put in [0, 1] by the config's data preprocessor and nothing else.

    Args:
        model_cfg: Training or test config.
        deploy_cfg: A config of ``configs/deploy/``.
        device: ``cpu`` or ``cuda:0``.

    Raises:
        ValueError: As `mmsrkd.deploy.to_onnx.deployed_model`.
    """

    def __init__(self, model_cfg: Config, deploy_cfg: Config, device: str) -> None:
        model_cfg = copy.deepcopy(model_cfg)
        model_cfg["model"] = deployed_model(model_cfg)
        model_cfg.pop("quantization", None)  # carried out: it must not be again
        if "test_cfg" not in model_cfg:
            model_cfg["test_cfg"] = {}
        super().__init__(model_cfg, deploy_cfg, device)

    def build_pytorch_model(
        self,
        model_checkpoint: str | os.PathLike[str] | None = None,
        cfg_options: dict[str, Any] | None = None,
        **_: Any,
    ) -> nn.Module:
        """Build the editor, load its network, merge what can be merged.

        Args:
            model_checkpoint: As for `mmsrkd.deploy.network.build_network`; one that is quantised
                for a config that says ``int8``.
            cfg_options: Part of mmdeploy's signature, unused there and here.
        """
        config = copy.deepcopy(self.model_cfg.model)
        config.generator = float_config(config.generator)  # rounding is int8's alone
        model: nn.Module = MODELS.build(config)
        if precision_of(self.deploy_cfg) == "int8":
            model.generator = build_network(
                self.model_cfg.model.generator, model_checkpoint, "int8"
            )
        elif model_checkpoint is not None:
            load_weights(model.generator, model_checkpoint)  # type: ignore[arg-type]
        switch_to_deploy(model)
        return model.to(self.device).eval()

    def build_backend_model(
        self,
        model_files: Sequence[str] | None = None,
        data_preprocessor_updater: Callable[..., Any] | None = None,
        **kwargs: Any,
    ) -> nn.Module:
        """Build the model that runs exported files.

        Args:
            model_files: The exported files.
            data_preprocessor_updater: mmdeploy passes one by position, which mmagic's task refuses;
                it changes something for backends that normalise on their own, which none of ours
                does.
            kwargs: For mmdeploy's backend model.
        """
        return super().build_backend_model(model_files, **kwargs)

    def create_input(
        self,
        imgs: str | np.ndarray | Sequence[str | np.ndarray],
        input_shape: Sequence[int] | None = None,
        data_preprocessor: nn.Module | None = None,
    ) -> tuple[dict[str, Any], torch.Tensor | list[torch.Tensor]]:
        """Turn images into what the editor takes.

        Args:
            imgs: Paths, or BGR uint8 arrays (H, W, 3) as OpenCV reads them; several make a batch.
            input_shape: (width, height) of a static file, to which images are resized.
            data_preprocessor: The editor's; without it the images stay in 0..255.

        Returns:
            The data dictionary, and its tensor (N, 3, H, W) in [0, 1] (a list before
            preprocessing).
        """
        images = [imgs] if isinstance(imgs, str | np.ndarray) else imgs
        data = pseudo_collate([_sample(image, input_shape) for image in images])
        if data_preprocessor is None:
            return data, data["inputs"]
        data = data_preprocessor(data, False)
        return data, data["inputs"]

    def get_model_name(self, *_: Any, **__: Any) -> str:
        """Type of the network, in lower case; of a quantised one that of the float network."""
        return network_name(self.model_cfg.model.generator).lower()

    def get_preprocess(self, *_: Any, **__: Any) -> list[dict[str, Any]]:
        """Steps the mmdeploy SDK runs before the network."""
        norm = self.model_cfg.model.data_preprocessor
        return [
            {"type": "LoadImageFromFile"},
            {"type": "Normalize", "mean": norm.mean, "std": norm.std, "to_rgb": True},
            {"type": "ImageToTensor", "keys": ["img"]},
            {"type": "Collect", "keys": ["img"], "meta_keys": ["ori_shape", "img_shape"]},
        ]


def _sample(image: str | np.ndarray, size: Sequence[int] | None) -> dict[str, Any]:
    from mmagic.structures import DataSample

    if isinstance(image, np.ndarray):
        rgb = image[..., ::-1]
    else:
        rgb = LoadCheckedImage(key="img").transform({"img_path": image})["img"]
    if size is not None and rgb.shape[1::-1] != tuple(size):
        rgb = cv2.resize(np.ascontiguousarray(rgb), tuple(size), interpolation=cv2.INTER_CUBIC)
    tensor = torch.from_numpy(np.ascontiguousarray(rgb.transpose(2, 0, 1)))
    meta = {"img_channel_order": "RGB", "img_color_type": "color", "ori_img_shape": rgb.shape}
    return {"inputs": tensor, "data_samples": DataSample(metainfo=meta)}
