"""From the config of a distillation block to callables on named tensors."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn

from mmsrkd.models.losses.shapes import ShapeMismatchError
from mmsrkd.registry import MODELS

from .advice import how_to_meet
from .names import check_keys, expand, is_glob, near
from .schedules import WeightSchedule

Named = dict[str, Tensor]


@dataclass
class Call:
    """A module and the names of the tensors it is called with.

    Attributes:
        module: What is called.
        args: Names by parameter of its ``forward``; a list where the config gave a glob.
        where: Part of the config, for messages.
        weight: Factor of an objective; indicators and adapters have none.
    """

    module: nn.Module
    args: dict[str, str | list[str]]
    where: str
    weight: WeightSchedule = field(default_factory=lambda: WeightSchedule(1.0, 1.0))

    def names(self) -> Iterator[str]:
        """All tensor names it reads."""
        for value in self.args.values():
            yield from [value] if isinstance(value, str) else value

    def __call__(self, named: Mapping[str, Tensor]) -> Tensor:
        """Call the module on the named tensors.

        Raises:
            ValueError: If it cannot take them, with the part of the config and what to change.
        """
        try:
            return self.module(**{k: _fetch(named, v) for k, v in self.args.items()})
        except ShapeMismatchError as error:
            raise ValueError(f"{self.where}: {error}; {self._advice(error)}") from error
        except ValueError as error:
            raise ValueError(f"{self.where} on {', '.join(self.names())}: {error}") from error

    def _advice(self, error: ShapeMismatchError) -> str:
        ours, theirs = (
            [found] if isinstance(found := self.args.get(side, f"{side}.<tap>"), str) else found
            for side in ("student", "teacher")
        )
        return how_to_meet(error.student, error.teacher, ours, theirs)

    def trains(self) -> bool:
        """Whether the module holds parameters to train."""
        return any(parameter.requires_grad for parameter in self.module.parameters())


def _fetch(named: Mapping[str, Tensor], names: str | list[str]) -> Tensor | list[Tensor]:
    return named[names] if isinstance(names, str) else [named[name] for name in names]


def build_call(
    config: Mapping[str, Any], legal: Iterable[str], where: str, *, weighted: bool
) -> Call:
    """Build ``dict(type=..., args=dict(...), weight=..., <constructor arguments>)``.

    Args:
        config: As above; ``weight`` only where ``weighted``.
        legal: Names of tensors that exist.
        where: Part of the config, for messages.
        weighted: Whether it is an objective.

    Raises:
        KeyError: For a tensor or argument name that does not exist; the nearest are listed.
        TypeError: For a constructor argument that does not exist, or an argument left unbound.
    """
    rest = dict(config)
    args = rest.pop("args", None)
    if not isinstance(args, Mapping):
        raise KeyError(f"{where}: needs `args`, which tensor goes to which argument of its forward")
    weight = WeightSchedule.parse(rest.pop("weight", 1.0), f"{where}.weight") if weighted else None
    module = _build(rest, where, ("args", "weight") if weighted else ("args",))
    pool = list(legal)
    bound = {k: _bind(v, pool, f"{where}.args.{k}") for k, v in args.items()}
    _check_signature(module, bound, where)
    return Call(module, bound, where, weight or WeightSchedule(1.0, 1.0))


def build_adapter(config: Mapping[str, Any], legal: Iterable[str], where: str) -> dict[str, Call]:
    """Build one adapter for each tensor its ``on`` names; returns calls by name of the tap.

    ``on`` and ``like`` may be globs or lists; they are paired in order. An adapter with parameters
    is built once for each tap, with its own weights.
    """
    rest, pool = dict(config), list(legal)
    if "on" not in rest:
        raise KeyError(f"{where}: needs `on`, the tensor (or glob) it adapts")
    on = _names(rest.pop("on"), pool, f"{where}.on")
    like = rest.pop("like", None)
    likes = _names(like, pool, f"{where}.like") if like else [None] * len(on)
    if len(likes) != len(on):
        raise ValueError(
            f"{where}: `on` names {len(on)} tensors ({', '.join(on)}), `like` {len(likes)} "
            f"({', '.join(map(str, likes))}); they are paired in order, so name as many of each"
        )
    calls = {}
    for source, target in zip(on, likes, strict=True):
        args: dict[str, str | list[str]] = {"x": source}
        if target is not None:
            args["like"] = target
        call = Call(_build(rest, where, ("on", "like")), args, where)
        _check_signature(call.module, args, where)
        tap = source.partition(".")[2] or source
        if tap in calls:
            raise KeyError(
                f"{where}.on: two tensors are called {tap!r}; use one adapter per network"
            )
        calls[tap] = call
    return calls


def _build(config: Mapping[str, Any], where: str, own: tuple[str, ...]) -> nn.Module:
    """Build a module; ``own`` are keys of the entry that are not for its constructor."""
    if "type" not in config:
        raise KeyError(f"{where}: needs `type`")
    kind = config["type"]
    cls: Any = MODELS.get(kind) if isinstance(kind, str) else kind
    legal = [n for n in inspect.signature(cls).parameters if n != "self"]
    check_keys(config, [*legal, *own, "type"], where)
    return MODELS.build(dict(config))


def _names(spec: str | list[str], legal: list[str], where: str) -> list[str]:
    parts = [spec] if isinstance(spec, str) else spec
    return [name for part in parts for name in expand(part, legal, where)]


def _bind(spec: str | list[str], legal: list[str], where: str) -> str | list[str]:
    """One tensor where the config gives a plain name, a list where it gives a glob or a list."""
    found = _names(spec, legal, where)
    return found[0] if isinstance(spec, str) and not is_glob(spec) else found


def _check_signature(module: nn.Module, args: Mapping[str, Any], where: str) -> None:
    parameters = inspect.signature(module.forward).parameters
    for name in args:
        if name not in parameters:
            raise KeyError(
                f"{where}.args: {type(module).__name__}.forward has no argument {name!r}"
                f"{near(name, parameters)}"
            )
    needed = [
        n
        for n, p in parameters.items()
        if p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
    ]
    unbound = [n for n in needed if n not in args]
    if unbound:
        raise TypeError(
            f"{where}.args: {type(module).__name__}.forward also needs {', '.join(unbound)}; say "
            "which "
            "tensor each is"
        )
