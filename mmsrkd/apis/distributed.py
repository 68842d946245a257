"""Several processes without a GPU: gloo instead of nccl."""

from __future__ import annotations

import torch
import torch.distributed
from mmengine.config import Config


def prepare_launcher(config: Config) -> None:
    """Let mmengine train in several CPU processes.

    mmengine sets a CUDA device for every process and hands its number to DistributedDataParallel;
    without CUDA both fail. Here the process group is made before, with gloo, and the wrapper told
    of no device. Does nothing for a single process or where there is a GPU.
    """
    if config.get("launcher", "none") == "none" or torch.cuda.is_available():
        return
    if not torch.distributed.is_initialized():
        torch.distributed.init_process_group("gloo")
    config.model_wrapper_cfg = {
        "type": "MMDistributedDataParallel",
        "device_ids": None,
        "broadcast_buffers": False,
        "find_unused_parameters": config.get("find_unused_parameters", False),
    }
