from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

import pytest

from mmsrkd.apis.cli import add_runtime_flags, load_config, parse_options


def arguments(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("config")
    add_runtime_flags(parser)
    return parser.parse_args(list(words))


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    path = tmp_path / "lgrnet_x2.py"
    path.write_text("a = dict(b=1, c='x')\nsteps = [1, 2]\n")
    return path


def test_options_override_and_nest(config_file: Path) -> None:
    flags = ["--cfg-options", "a.b=2", "a.d=1e-4", "--cfg-options", "steps=[3,4]", "new.e=True"]
    config = load_config(arguments(str(config_file), *flags))
    assert config.a == {"b": 2, "c": "x", "d": 1e-4}
    assert config.steps == [3, 4]
    assert config.new.e is True
    assert config.launcher == "none"


def test_work_dir(config_file: Path, tmp_path: Path) -> None:
    assert Path(load_config(arguments(str(config_file))).work_dir) == Path("work_dirs/lgrnet_x2")
    chosen = load_config(arguments(str(config_file), "--work-dir", str(tmp_path / "w")))
    assert chosen.work_dir == str(tmp_path / "w")
    config_file.write_text("work_dir = 'own'\n")
    assert load_config(arguments(str(config_file))).work_dir == "own"


def test_option_without_value() -> None:
    with pytest.raises(SystemExit, match=r"wants KEY=VALUE, got 'a\.b'"):
        parse_options(["a.b"])


def test_unknown_config_lists_similar_ones(config_file: Path) -> None:
    with pytest.raises(SystemExit, match=r"no config file .*lgrnet_x3\.py; did you mean .*_x2\.py"):
        load_config(arguments(str(config_file.with_name("lgrnet_x3.py"))))


def test_exit_status_and_message_of_a_process(repository: Path, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "tools/train.py", "configs/lgrnet/lgrnet_kd_x2_debgu.py"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith(
        "error: no config file configs/lgrnet/lgrnet_kd_x2_debgu.py; did"
    )
    assert "configs/lgrnet/lgrnet_kd_x2_debug.py" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_help_needs_neither_torch_nor_mmengine(repository: Path) -> None:
    code = (
        "import runpy, sys; sys.argv = ['train.py', '--help']\n"
        "try: runpy.run_path('tools/train.py', run_name='__main__')\n"
        "except SystemExit as end: assert end.code == 0\n"
        "heavy = {'torch', 'mmengine', 'mmagic', 'numpy', 'cv2'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=repository, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert "--resume" in ended.stdout
