from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mmsrkd.apis import provenance as module


def test_entries_are_plain_strings_that_name_no_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    inside, outside = tmp_path / "weights/a.pth", Path("/elsewhere/private/b.pth")
    monkeypatch.setattr(sys, "argv", ["tools/test.py", str(inside), str(outside), "--json", "x y"])
    entries = module.provenance()
    assert entries["meta/command"] == "python tools/test.py weights/a.pth .../b.pth --json 'x y'"
    assert {type(value) for value in entries.values()} == {str}
    assert not any("elsewhere" in value for value in entries.values())


def test_commit_of_a_changed_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"rev-parse": "0123456789", "status": " M file"}
    monkeypatch.setattr(module, "_git", lambda _root, command, *_: answers[command])
    assert module.commit() == "0123456789+changes"
    answers["status"] = ""
    assert module.commit() == "0123456789"


def test_a_changed_page_is_no_other_code(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def git(_root: Path, *words: str) -> str:
        asked.extend(words)
        return ""

    monkeypatch.setattr(module, "_git", git)
    module.commit()
    assert {"mmsrkd", "configs", "tools"} <= set(asked)
    assert not {"docs", "tests", "."} & set(asked)


def test_outside_git(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> str:
        raise subprocess.CalledProcessError(128, "git")

    monkeypatch.setattr(module, "_git", fails)
    assert module.commit() == "unknown"


def test_a_shortened_path_is_that_of_another_machine() -> None:
    there = {"teacher": [".../span.pth", {"lr": 0.1}]}
    assert module.same_but_for_places(there, {"teacher": ["weights/span.pth", {"lr": 0.1}]})
    for other in (["weights/rlfn.pth", {"lr": 0.1}], ["a/span.pth", {"lr": 0.2}], ["a/span.pth"]):
        assert not module.same_but_for_places(there, {"teacher": other})
    assert not module.same_but_for_places({"a": "b/span.pth"}, {"a": "c/span.pth"})
