from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from mmengine.config import Config

from mmsrkd.apis.train import train, use_amp


@pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU takes AmpOptimWrapper")
def test_amp_on_a_cpu_is_bfloat16(small: Callable[..., Config]) -> None:
    seen = set()

    def note(module: torch.nn.Module, args: tuple[torch.Tensor], out: torch.Tensor) -> None:
        seen.add(out.dtype)

    handle = torch.nn.modules.module.register_module_forward_hook(
        lambda m, a, o: note(m, a, o) if isinstance(m, torch.nn.Conv2d) else None
    )
    try:
        runner = train(small(3, kd=True), amp=True)
    finally:
        handle.remove()
    assert torch.bfloat16 in seen  # the student; the teacher keeps float32
    assert type(runner.optim_wrapper).__name__ == "BFloat16OptimWrapper"
    assert all(p.dtype == torch.float32 for p in runner.model.parameters())
    assert all(torch.isfinite(p).all() for p in runner.model.parameters())


def test_wrapper_without_mixed_precision(small: Callable[..., Config]) -> None:
    config = small()
    config.optim_wrapper.type = "ApexOptimWrapper"
    with pytest.raises(ValueError, match="the config has ApexOptimWrapper"):
        use_amp(config)
