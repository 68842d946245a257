from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.runner import Runner

from mmsrkd.apis.train import train
from mmsrkd.engine import InterruptHook
from mmsrkd.engine.hooks import interrupt_hook
from tests import tiny


class CtrlC(Hook):
    """Presses Ctrl-C in the middle of a step, after the weights moved."""

    priority = "HIGHEST"

    def __init__(self, step: int, times: int = 1) -> None:
        self.step, self.times = step, times

    def after_train_iter(self, runner: Runner, *args: object, **kwargs: object) -> None:
        if runner.iter == self.step:
            for _ in range(self.times):
                os.kill(os.getpid(), signal.SIGINT)


def test_step_is_finished_saved_and_resumed_exactly(small: Callable[..., Config]) -> None:
    expected = tiny.weights(train(small(6, kd=True, name="whole")))
    cfg = small(6, kd=True, default_hooks__checkpoint__max_keep_ckpts=1)
    cfg.custom_hooks.append({"type": CtrlC, "step": 2})
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt, match=r"saved .*iter_3\.pth; go on with --resume"):
        train(cfg)
    assert signal.getsignal(signal.SIGINT) is before
    assert [p.name for p in Path(cfg.work_dir).glob("*.pth")] == ["iter_3.pth"]
    again = small(6, kd=True, default_hooks__checkpoint__max_keep_ckpts=1)
    found = tiny.weights(train(again, resume="auto"))
    assert all(torch.equal(found[key], expected[key]) for key in expected)


def test_second_ctrl_c_stops_at_once(
    small: Callable[..., Config], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interrupt_hook, "REPEATED", -1.0)
    cfg = small(4)
    cfg.custom_hooks.append({"type": CtrlC, "step": 0, "times": 2})
    with pytest.raises(KeyboardInterrupt, match="nothing was saved since the last checkpoint"):
        train(cfg)
    assert not list(Path(cfg.work_dir).glob("*.pth"))


def test_signal_is_given_back_after_an_error() -> None:
    def fails() -> None:
        with InterruptHook().catching():
            assert signal.getsignal(signal.SIGINT) is not before
            raise ValueError("x")

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(ValueError, match="x"):
        fails()
    assert signal.getsignal(signal.SIGINT) is before
