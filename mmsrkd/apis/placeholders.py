"""``{stage:teacher}`` in a config: the checkpoint that stage will publish."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from mmengine.config import Config

_PLACEHOLDER = re.compile(r"\{stage:([^{}]+)\}")


def stages_named(config: Config) -> list[str]:
    """Names of the stages whose checkpoints a config wants, each once, in order."""
    found: list[str] = []

    def note(text: str) -> str:
        found.extend(name for name in _PLACEHOLDER.findall(text) if name not in found)
        return text

    _replace(config._cfg_dict, note)
    return found


def resolve(config: Config, checkpoints: Mapping[str, str]) -> None:
    """Put the checkpoints of finished stages where the config names the stages, in place.

    Raises:
        KeyError: If a stage has none.
    """

    def fill(text: str) -> str:
        return _PLACEHOLDER.sub(lambda match: checkpoints[match[1]], text)

    config._cfg_dict = _replace(config._cfg_dict, fill)


def require_resolved(config: Config) -> None:
    """Refuse a config that is one of several stages and was started by itself.

    Raises:
        ValueError: Naming the stages.
    """
    names = stages_named(config)
    if names:
        shown = ", ".join(f"{{stage:{name}}}" for name in names)
        raise ValueError(
            f"the config wants the checkpoints of other stages ({shown}): start it with "
            "tools/run_stages.py, or give the files by --cfg-options"
        )


def _replace(value: Any, change: Callable[[str], str]) -> Any:
    """Apply ``change`` to every string inside dicts, lists and tuples."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        for key in value:
            value[key] = _replace(value[key], change)
        return value
    if isinstance(value, list | tuple):
        return type(value)(_replace(item, change) for item in value)
    return value
