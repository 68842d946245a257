"""From a stages file to trainings in the order they can run."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmengine.config import Config

from mmsrkd.apis.placeholders import stages_named
from mmsrkd.models.distillation.names import check_keys, near

KEYS = ("config", "replace", "options", "deploy")


@dataclass(frozen=True)
class Stage:
    """One training.

    Attributes:
        name: Its name in the stages file.
        path: Its config file.
        config: The config with all options applied; ``{stage:...}`` still in place.
        needs: Stages whose checkpoints it wants.
        deploy: Whether its network is published with re-parameterised blocks merged.
    """

    name: str
    path: Path
    config: Config
    needs: tuple[str, ...]
    deploy: bool = True

    @property
    def config_sha256(self) -> str:
        """Hash of what it trains with, to notice a change."""
        text = self.config.pretty_text
        return hashlib.sha256(text.encode()).hexdigest()


def read_stages(path: str | Path, options: Mapping[str, Any] | None = None) -> tuple[Stage, ...]:
    """Read a file with ``stages=dict(<name>=dict(config=...), ...)``.

    ``config`` is relative to the stages file. ``replace`` gives top-level keys that take the place
    of the config's (another data set, a shorter schedule), ``options`` overrides as of
    ``--cfg-options``; ``deploy=False`` publishes re-parameterised blocks unmerged.
    A config that has ``{stage:<name>}`` where a checkpoint belongs is trained after that stage.

    Args:
        path: The stages file.
        options: Overrides for the configs of all stages, applied last.

    Returns:
        The stages, each after those it needs, otherwise in the order of the file.

    Raises:
        KeyError: For an unknown key or stage.
        ValueError: If stages wait for each other.
    """
    file = Path(path)
    entries = Config.fromfile(file)._cfg_dict.to_dict().get("stages")
    if not entries:
        raise KeyError(f"{file} has no `stages`; give stages=dict(<name>=dict(config=...), ...)")
    stages = {name: _read(name, entry, file, options) for name, entry in entries.items()}
    for stage in stages.values():
        for need in stage.needs:
            if need not in stages:
                raise KeyError(
                    f"stage {stage.name!r} ({stage.path.name}) wants the checkpoint of {need!r}, "
                    f"which {file.name} has no stage of{near(need, stages)}"
                )
    return tuple(stages[name] for name in _in_order(stages))


def needed_for(stages: Sequence[Stage], name: str) -> tuple[Stage, ...]:
    """Return one stage and those it is made from, in the order of ``stages``.

    Raises:
        KeyError: If there is no such stage; the nearest name is given.
    """
    known = {stage.name: stage for stage in stages}
    if name not in known:
        raise KeyError(f"there is no stage {name!r}{near(name, known)}")
    wanted = {name}
    for stage in reversed(stages):  # each after those it needs
        if stage.name in wanted:
            wanted |= set(stage.needs)
    return tuple(stage for stage in stages if stage.name in wanted)


def _read(
    name: str, entry: Mapping[str, Any], file: Path, options: Mapping[str, Any] | None
) -> Stage:
    where = f"stages.{name}"
    check_keys(entry, KEYS, where)
    if "config" not in entry:
        raise KeyError(f"{where}: needs `config`, a file relative to {file.name}")
    path = file.parent / entry["config"]
    if not path.is_file():
        raise FileNotFoundError(f"{where}.config: there is no file {path}")
    config = Config.fromfile(path)
    for key, value in (entry.get("replace") or {}).items():
        config[key] = copy.deepcopy(value)
    for changes in (entry.get("options"), options):
        if changes:
            config.merge_from_dict(dict(changes))
    return Stage(name, path, config, tuple(stages_named(config)), bool(entry.get("deploy", True)))


def _in_order(stages: Mapping[str, Stage]) -> list[str]:
    done: list[str] = []
    waiting = list(stages)
    while waiting:
        ready = [name for name in waiting if set(stages[name].needs) <= set(done)]
        if not ready:
            chain = "; ".join(f"{name} needs {', '.join(stages[name].needs)}" for name in waiting)
            raise ValueError(f"stages wait for each other: {chain}")
        done.append(ready[0])
        waiting.remove(ready[0])
    return done
