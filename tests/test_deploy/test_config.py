from __future__ import annotations

from pathlib import Path

import pytest
from mmengine.config import Config

from mmsrkd.deploy.config import deploy_config


@pytest.mark.parametrize(
    ("name", "shape"), [("dynamic", None), ("static-256x256", (1, 3, 256, 256))]
)
def test_config_files_say_what_the_function_says(repository: Path, name: str, shape):
    path = repository / "configs" / "deploy" / f"super-resolution_onnxruntime_{name}.py"
    assert Config.fromfile(path).to_dict() == deploy_config(shape=shape)
