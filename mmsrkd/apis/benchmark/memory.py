"""Peak memory of an objective, forth and back, each in a process of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import torch
from torch import Tensor

SIZES = {"batch": 16, "channels": 64, "side": 48}
OBJECTIVES = ("feature L1", "FACD's contrast")


def contrast_memory(device: torch.device) -> dict[str, float]:
    """Compare FACD's contrast with the L1 of the same features, 16 maps of 64 x 48 x 48.

    On a CPU the peak of the process's resident memory (Linux only), on a GPU that of the allocator;
    features included, what the process held before them excluded.

    Returns:
        Bytes by objective, and their ``ratio``.
    """
    peaks: dict[str, float] = {}
    for name in OBJECTIVES:
        command = [sys.executable, "-m", __name__, name, str(device)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        if ended.returncode:
            raise RuntimeError(f"measuring the memory of {name} failed: {ended.stderr[-500:]}")
        peaks[name] = json.loads(ended.stdout.splitlines()[-1])
    return {**peaks, "ratio": peaks[OBJECTIVES[1]] / peaks[OBJECTIVES[0]]}


def measure(name: str, device: torch.device, sizes: dict[str, int] = SIZES) -> int:
    """Bytes that one objective adds at its peak, its two features and the gradient included.

    Args:
        name: One of `OBJECTIVES`.
        device: Where to run.
        sizes: ``batch``, ``channels`` and ``side`` of the features.
    """
    _step(name, device, {"batch": 2, "channels": 4, "side": 8})  # what libraries allocate once
    before = _start(device)
    _step(name, device, sizes)
    return _peak(device) - before


def _step(name: str, device: torch.device, sizes: dict[str, int]) -> None:
    from mmsrkd.models.losses import ContrastiveRatioLoss

    shape = (sizes["batch"], sizes["channels"], sizes["side"], sizes["side"])
    student, teacher = torch.rand(shape, device=device), torch.rand(shape, device=device)
    # torch's own L1 is the plain one; FeatureL1Loss keeps less
    objective = torch.nn.L1Loss() if name == OBJECTIVES[0] else ContrastiveRatioLoss()
    loss: Tensor = objective(student.requires_grad_(), teacher)
    loss.backward()


def _start(device: torch.device) -> int:
    """Forget the peak so far; return what is held now."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
        return torch.cuda.memory_allocated(device)
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def _peak(device: torch.device) -> int:
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    return _status("VmHWM")


def _status(entry: str) -> int:
    text = Path("/proc/self/status").read_text()
    found = re.search(rf"^{entry}:\s+(\d+) kB$", text, re.MULTILINE)
    if found is None:
        raise RuntimeError(f"/proc/self/status has no {entry}: memory is measured on Linux only")
    return 1024 * int(found.group(1))


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], torch.device(sys.argv[2]))))
