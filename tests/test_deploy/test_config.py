from __future__ import annotations

from pathlib import Path

import pytest
from mmengine.config import Config

from mmsrkd.deploy.backends import BACKENDS, get_backend
from mmsrkd.deploy.config import deploy_config, precision_of

SHAPES = {"dynamic": None, "static-256x256": (1, 3, 256, 256)}
OFFERED = [
    (backend, precision) for backend in BACKENDS for precision in get_backend(backend).precisions
]


def _name(backend: str, precision: str, shape: str) -> str:
    middle = backend if precision == "fp32" else f"{backend}-{precision}"
    return f"super-resolution_{middle}_{shape}.py"


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("backend", "precision"), OFFERED)
def test_config_files_say_what_the_function_says(
    repository: Path, backend: str, precision: str, shape: str
):
    config = Config.fromfile(repository / "configs" / "deploy" / _name(backend, precision, shape))
    expected = deploy_config(backend, shape=SHAPES[shape], precision=precision)
    assert config.to_dict() == expected
    assert precision_of(config) == precision


def test_no_other_config_is_there_and_each_is_in_the_table(repository: Path):
    folder = repository / "configs" / "deploy"
    files = {path.name for path in folder.glob("*.py")}
    assert files == {_name(*offer, shape) for offer in OFFERED for shape in SHAPES}
    readme = (folder / "README.md").read_text()
    for backend, precision in OFFERED:
        assert f"`{_name(backend, precision, '{dynamic,static-256x256}')}`" in readme


def test_unknown_precision_is_named():
    config = Config({"backend_config": {"type": "openvino", "precision": "int4"}})
    with pytest.raises(ValueError, match=r"precision is 'int4'; choose one of fp32, fp16, int8"):
        precision_of(config)
