from __future__ import annotations

import copy

import pytest
from mmengine.config import Config

from mmsrkd.engine.config_text import FormattedOnceConfig


def test_text_is_that_of_the_config_and_follows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Config({"a": {"b": [1, 2]}, "c": "text"})
    config = FormattedOnceConfig.of(plain)
    assert config.pretty_text == plain.pretty_text
    config.a.b.append(3)
    assert config.pretty_text == plain.pretty_text
    assert "3" in config.pretty_text

    monkeypatch.setattr("yapf.yapflib.yapf_api.FormatCode", lambda *_, **__: 1 / 0)
    assert copy.deepcopy(config).pretty_text == config.pretty_text
    config.c = "changed"
    with pytest.raises(SyntaxError):
        _ = config.pretty_text
