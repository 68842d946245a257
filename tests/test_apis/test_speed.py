"""Images a second; how many is for nobody to promise here."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmsrkd.apis.speed import Workload, measure_speed, render

NETWORK = "dict(type='SRDeblurNet', channels={}, num_blocks=1, sr_channels=8, sr_blocks=1)"


@pytest.fixture
def configs(tmp_path: Path) -> list[str]:
    for name, channels in (("teacher", 8), ("student", 4)):
        network = NETWORK.format(channels)
        (tmp_path / f"{name}.py").write_text(f"model = dict(type='X', generator={network})\n")
    return [str(tmp_path / "teacher.py"), str(tmp_path / "student.py")]


def test_networks_take_turns_on_every_input(configs: list[str]) -> None:
    result = measure_speed(configs, ["deblur:13x18", "sr:5x6"], turns=2, device="cpu")
    assert list(result["speed"]) == ["deblur 18x13", "sr 6x5"]
    for entries in result["speed"].values():
        assert list(entries) == ["teacher", "student"]
        assert entries["teacher"]["ratio"] == 1
        assert all(one["fps"] == pytest.approx(1000 / one["ms"]) for one in entries.values())
    assert result["parameters"]["teacher"] > result["parameters"]["student"]
    assert "| student | " in render(result)


def test_bad_input(configs: list[str], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="input '310,246' is not HxW or form:HxW"):
        Workload.parse("310,246")
    with pytest.raises(ValueError, match="turns and warm_up must be 1 or more, got 0"):
        measure_speed(configs, turns=0)
    with pytest.raises(ValueError, match="form='up' is not offered; use sr, deblur"):
        measure_speed(configs[:1], ["up:8x8"], turns=1, device="cpu")
    plain = tmp_path / "plain.py"
    plain.write_text("model = dict(type='X', generator=dict(type='ESPCN', scale=2))\n")
    with pytest.raises(ValueError, match=r"ESPCN has no forms, .* 'sr': give --inputs 8x8"):
        measure_speed([str(plain)], ["sr:8x8"], turns=1, device="cpu")
