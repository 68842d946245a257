from __future__ import annotations

import copy
from types import SimpleNamespace

import torch

from mmsrkd.engine import ChannelsLastHook
from mmsrkd.registry import MODELS
from tests import tiny


def test_layout_changes_and_values_do_not() -> None:
    model = torch.nn.Module()
    model.generator = MODELS.build(tiny.student())
    before = copy.deepcopy(model.generator.state_dict())
    ChannelsLastHook().before_train(SimpleNamespace(model=model))
    after = model.generator.state_dict()
    assert all(torch.equal(after[key], before[key]) for key in before)
    kernels = [p for p in model.generator.parameters() if p.ndim == 4]
    assert all(p.is_contiguous(memory_format=torch.channels_last) for p in kernels)
    assert any(not p.is_contiguous() for p in kernels)
