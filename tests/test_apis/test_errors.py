from __future__ import annotations

import pytest

from mmsrkd.apis.errors import cause_of, one_line_errors


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (KeyError("no 'x' here"), "no 'x' here"),
        (ValueError("two\n  lines"), "two lines"),
        (RuntimeError(), "RuntimeError"),
        (
            ModuleNotFoundError("No module named 'mmdeploy'", name="mmdeploy"),
            "No module named 'mmdeploy': a package is not installed; `make setup` installs all of "
            "them, or `pip install --no-deps mmdeploy==1.3.1` this one",
        ),
        (
            ModuleNotFoundError("No module named 'mmsrkd.x'", name="mmsrkd.x"),
            "No module named 'mmsrkd.x'",
        ),
        (
            ValueError(
                "Caught MissingDataError in DataLoader worker process 0.\n"
                "Original Traceback (most recent call last):\n"
                '  File "worker.py", line 1, in loop\n'
                "mmsrkd.datasets.errors.MissingDataError: folder a: gone; make it\n"
            ),
            "folder a: gone; make it",
        ),
    ],
)
def test_cause(error: Exception, text: str) -> None:
    assert cause_of(error) == text


def end(error: BaseException) -> int:
    with pytest.raises(SystemExit) as ended, one_line_errors():
        raise error
    return int(str(ended.value.code))


def test_exit_status(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MMSRKD_TRACEBACK", raising=False)
    assert end(ValueError("bad; do good")) == 1
    assert capsys.readouterr().err.splitlines()[0] == "error: bad; do good"
    assert end(KeyboardInterrupt("saved x")) == 130
    assert capsys.readouterr().err == "interrupted: saved x\n"


def test_bugs_keep_their_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ZeroDivisionError), one_line_errors():
        raise ZeroDivisionError
    monkeypatch.setenv("MMSRKD_TRACEBACK", "1")
    with pytest.raises(ValueError, match="bad"), one_line_errors():
        raise ValueError("bad")
