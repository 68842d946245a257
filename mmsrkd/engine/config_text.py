"""A config whose text is made once."""

from __future__ import annotations

import contextlib

from mmengine.config import Config

_LAST: dict[str, str] = {}


class FormattedOnceConfig(Config):
    """`Config` that formats its text again only after it has changed.

    mmengine asks for it four times before the first step and again with every checkpoint. Making it
    takes 0.3 s, which was more than half of the time of a short run.
    """

    @classmethod
    def of(cls, config: Config) -> FormattedOnceConfig:
        """Return ``config`` as one of these; both share their content."""
        same = cls.__new__(cls)
        same.__setstate__(config.__getstate__())
        return same

    @property
    def pretty_text(self) -> str:
        """The config as formatted Python code."""
        content = repr(self._cfg_dict)
        with contextlib.suppress(KeyError):
            return _LAST[content]
        text = str(super().pretty_text)
        _LAST.clear()
        _LAST[content] = text
        return text
