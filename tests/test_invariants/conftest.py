"""One thread: threads that wait for each other on a busy machine cost more than they compute."""

from __future__ import annotations

import pytest
import torch


@pytest.fixture(autouse=True)
def _one_thread(_plain_threads: None) -> None:
    torch.set_num_threads(1)
