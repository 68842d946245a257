"""What a network of a distillation block is fed, and the order in which they run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Protocol

from torch import Tensor

from .names import check_keys, near

InputConfig = str | Mapping[str, Any]


class InputBuilder(Protocol):
    """Makes the input of a network from the tensors named so far."""

    @property
    def needs(self) -> tuple[str, ...]:
        """Names it reads."""

    def __call__(self, tensors: Mapping[str, Tensor]) -> Tensor:
        """Return the input, (N, C, H, W)."""


@dataclass(frozen=True)
class Named:
    """A tensor of the batch as it is."""

    name: str

    @property
    def needs(self) -> tuple[str, ...]:
        """Names it reads."""
        return (self.name,)

    def __call__(self, tensors: Mapping[str, Tensor]) -> Tensor:
        """Return it."""
        return tensors[self.name]


@dataclass(frozen=True)
class Mix:
    """Weighted sum of named tensors, not rounded again (Eq. 4, TAKDSR).

    Attributes:
        of: Names, e.g. ``["teacher.compact", "lr"]``.
        shares: One weight each, e.g. ``[0.3, 0.7]``; they add up to 1, so that the range stays.
    """

    of: Sequence[str]
    shares: Sequence[float]

    def __post_init__(self) -> None:
        if len(self.of) != len(self.shares):
            raise ValueError(
                f"Mix: `of` names {len(self.of)} tensors, `shares` has {len(self.shares)} values; "
                "give one for each"
            )
        if abs(sum(self.shares) - 1) > 1e-6:
            raise ValueError(f"Mix: shares {list(self.shares)} add up to {sum(self.shares)}, not 1")

    @property
    def needs(self) -> tuple[str, ...]:
        """Names it reads."""
        return tuple(self.of)

    def __call__(self, tensors: Mapping[str, Tensor]) -> Tensor:
        """Return the sum.

        Raises:
            ValueError: Shapes differ.
        """
        shapes = {name: tuple(tensors[name].shape) for name in self.of}
        if len(set(shapes.values())) > 1:
            raise ValueError(f"Mix: tensors of different shapes cannot be added: {shapes}")
        first, *rest = [
            share * tensors[name] for name, share in zip(self.of, self.shares, strict=True)
        ]
        for part in rest:
            first = first + part
        return first


#: Inputs by plain name, e.g. ``input="gt"``.
INPUTS: dict[str, InputBuilder] = {"lr": Named("lr"), "gt": Named("gt")}
#: Inputs with arguments, e.g. ``input=dict(type="Mix", of=[...], shares=[...])``.
INPUT_TYPES: dict[str, Callable[..., InputBuilder]] = {"Mix": Mix}


def build_input(config: InputConfig, where: str) -> InputBuilder:
    """Make the input builder that a config names.

    Raises:
        KeyError: For a name, type or argument that does not exist.
        ValueError: For arguments that do not go together.
    """
    if isinstance(config, str):
        if config not in INPUTS:
            legal = ", ".join([*INPUTS, *(f"dict(type={t!r}, ...)" for t in INPUT_TYPES)])
            raise KeyError(f"{where}: {config!r} is unknown; choose one of {legal}")
        return INPUTS[config]
    rest = dict(config)
    kind = rest.pop("type", None)
    if kind not in INPUT_TYPES:
        raise KeyError(f"{where}: type={kind!r} is unknown; choose one of {', '.join(INPUT_TYPES)}")
    cls: Any = INPUT_TYPES[kind]
    legal_keys = [field.name for field in fields(cls)]
    check_keys(rest, legal_keys, where)
    missing = [key for key in legal_keys if key not in rest]
    if missing:
        raise KeyError(f"{where}: {kind} also needs {', '.join(missing)}")
    return cls(**rest)


class RunOrder:
    """Who runs before whom: a network runs after those that it is fed from.

    First the teachers the student's input is made of, then the student, then the other teachers.
    The order of the config does not matter, since a config that mmengine writes is sorted by name.

    Args:
        teachers: Input of every teacher.
        taps: Names of the taps of every network, ``student`` among them.
        student: Input of the student.

    Raises:
        KeyError: An input names a tensor that nothing makes, or that is made only after it is
            needed; those that exist by then are listed.
    """

    def __init__(
        self,
        teachers: Mapping[str, InputBuilder],
        taps: Mapping[str, Iterable[str]],
        student: InputBuilder,
    ) -> None:
        self._inputs = dict(teachers)
        self._known = ["lr", "gt"]
        self._taps = taps
        feeding = self.with_sources(_owners(student))
        self.before = self._sorted([name for name in teachers if name in feeding])
        self._add("student", student)
        self.after = self._sorted([name for name in teachers if name not in feeding])

    def _sorted(self, names: list[str]) -> list[str]:
        done: list[str] = []
        while len(done) < len(names):
            waiting = [name for name in names if name not in done]
            ready = [n for n in waiting if set(self._inputs[n].needs) <= set(self._known)]
            # if none is ready, checking the first says what it lacks
            following = (ready or waiting)[0]
            self._add(following, self._inputs[following])
            done.append(following)
        return done

    def _add(self, owner: str, builder: InputBuilder) -> None:
        where = "input of the student" if owner == "student" else f"distill.teachers.{owner}.input"
        for name in builder.needs:
            if name not in self._known:
                raise KeyError(
                    f"{where}: nothing makes {name!r} before it is needed{near(name, self._known)}"
                )
        self._known += [f"{owner}.out", *(f"{owner}.{tap}" for tap in self._taps.get(owner, ()))]

    def with_sources(self, names: Iterable[str]) -> set[str]:
        """These teachers and those whose tensors they are fed, directly or not."""
        found: set[str] = set()
        pending = [name for name in names if name in self._inputs]
        while pending:
            name = pending.pop()
            if name not in found:
                found.add(name)
                pending += [n for n in _owners(self._inputs[name]) if n in self._inputs]
        return found


def _owners(builder: InputBuilder) -> list[str]:
    return [name.partition(".")[0] for name in builder.needs]
