"""Fixtures every room uses."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

import mmsrkd.registry  # noqa: F401 - before any test imports mmagic, which it makes importable

REPOSITORY = Path(__file__).resolve().parents[1]

torch.set_num_threads(2)


#: Tests that load OpenVINO and ncnn, whose thread pools a forked data loader does not survive.
WITH_RUNTIMES = (
    "tests/test_deploy/",
    "tests/test_quantization/test_registry.py",
    "tests/test_apis/test_runtime_speed.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what has to run in processes of its own."""
    for item in items:
        if item.nodeid.startswith(WITH_RUNTIMES):
            item.add_marker(pytest.mark.runtimes)


@pytest.fixture(scope="session")
def repository() -> Path:
    """Root of the checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def data_root() -> Path:
    """Folder with benchmarks and training crops; the test is skipped where it is absent."""
    root = Path(os.environ.get("MMSRKD_DATA", REPOSITORY.parent / "shared" / "data"))
    if not (root / "sr").is_dir():
        pytest.skip(f"no benchmark data in {root} (set $MMSRKD_DATA)")
    return root.resolve()


@pytest.fixture(scope="session")
def official_weights() -> Callable[[str], Path]:
    """Finds a file of the authors' weights by name; the test is skipped where it is absent.

    Looks in ``$MMSRKD_WEIGHTS``, or in ``weights`` beside the data root.
    """
    data = Path(os.environ.get("MMSRKD_DATA", REPOSITORY.parent / "shared" / "data"))
    folder = Path(os.environ.get("MMSRKD_WEIGHTS", data.parent / "weights"))

    def find(name: str) -> Path:
        path = folder / name
        if not path.is_file():
            pytest.skip(f"no official weights {name} in {folder} (set $MMSRKD_WEIGHTS)")
        return path.resolve()

    return find


@pytest.fixture(autouse=True)
def _plain_threads() -> None:
    """Tests that change the number of threads do not change it for the next."""
    torch.set_num_threads(2)


@pytest.fixture
def scope():
    """Default scope mmsrkd, as a run has it, put back afterwards."""
    from mmengine.registry import DefaultScope

    with DefaultScope.overwrite_default_scope("mmsrkd"):
        yield
