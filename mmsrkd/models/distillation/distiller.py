"""The part of a distilling model that trains besides the student, and the sum of its objectives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from .wiring import Call, Named, build_adapter, build_call

#: Tensors every objective may name, besides `<owner>.out` and the taps.
RESERVED = ("lr", "gt")


class Distiller(nn.Module):
    """Adapters, indicators and objectives over named tensors.

    Names: ``lr``, ``gt``; ``student.out`` and ``student.<tap>``; the same for every teacher under
        its
    own name; ``<adapter>.<tap>`` for the results of adapters; ``ind.<name>`` for indicators. Every
    name is checked when the block is built.

    Args:
        taps: Names of the taps of every network, ``student`` among them.
        losses: Objectives; each key starts with ``loss_`` and is the name in the log. Config:
            ``dict(type=..., weight=.25, args=dict(student='student.f*', teacher='R.f*'))``; a glob
            hands over a list. ``weight`` is a number or a schedule (`WeightSchedule`).
        adapters: ``dict(type=..., on=..., like=...)`` by name; one may work on those before it.
        indicators: ``dict(type=..., args=...)`` by name.
    """

    def __init__(
        self,
        taps: Mapping[str, Iterable[str]],
        losses: Mapping[str, Mapping[str, Any]],
        adapters: Mapping[str, Mapping[str, Any]] | None = None,
        indicators: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        super().__init__()
        names = list(RESERVED)
        _check_owners(taps)
        for owner, tap_names in taps.items():
            names += [f"{owner}.out", *(f"{owner}.{tap}" for tap in tap_names)]
        self._owners = [owner for owner in taps if owner != "student"]
        self._derived: dict[str, Call] = {}
        self._objectives: dict[str, Call] = {}
        self.adapters, self.indicators = nn.ModuleDict(), nn.ModuleDict()
        self.objectives = nn.ModuleDict()
        self._add_adapters(adapters or {}, names)
        self._add_indicators(indicators or {}, names)
        self._add_objectives(losses, names)
        self._check_unread()

    def _check_unread(self) -> None:
        """Refuse an adapter that trains but that nothing reads: it would get no gradient."""
        read = {name for objective in self._objectives for name in self._reads(objective)}
        for name, call in self._derived.items():
            if name not in read and call.trains():
                raise KeyError(f"distill: no objective reads {name}, which has weights to train")

    def _add_adapters(self, configs: Mapping[str, Mapping[str, Any]], names: list[str]) -> None:
        for name, config in configs.items():
            if name in ("student", "ind", *self._owners):
                raise KeyError(
                    f"distill.adapters: {name!r} is taken by a network; call it otherwise"
                )
            calls = build_adapter(config, names, f"distill.adapters.{name}")
            self.adapters[name] = nn.ModuleDict({tap: call.module for tap, call in calls.items()})
            self._derived.update({f"{name}.{tap}": call for tap, call in calls.items()})
            names += [f"{name}.{tap}" for tap in calls]

    def _add_indicators(self, configs: Mapping[str, Mapping[str, Any]], names: list[str]) -> None:
        for name, config in configs.items():
            if "loss" in name:
                raise KeyError(
                    "distill.indicators: mmengine trains on every logged name with 'loss' in it, "
                    f"so on {name!r} too; call it otherwise"
                )
            call = build_call(config, names, f"distill.indicators.{name}", weighted=False)
            self.indicators[name] = call.module
            self._derived[f"ind.{name}"] = call
        names += [f"ind.{name}" for name in configs]

    def _add_objectives(self, configs: Mapping[str, Mapping[str, Any]], names: list[str]) -> None:
        for name, config in configs.items():
            if not name.startswith("loss_"):
                raise KeyError(
                    f"distill.losses: {name!r} must start with 'loss_', otherwise mmengine logs "
                    "the term "
                    f"without training on it; call it 'loss_{name}'"
                )
            if name == "loss_label":
                raise KeyError(
                    "distill.losses: 'loss_label' is pixel_loss of the model; rename yours"
                )
            call = build_call(config, names, f"distill.losses.{name}", weighted=True)
            self.objectives[name] = call.module
            self._objectives[name] = call

    def weights(self, progress: float = 0.0) -> dict[str, float]:
        """Weight of every objective at ``progress`` in [0, 1]."""
        return {name: call.weight.at(progress) for name, call in self._objectives.items()}

    def needed_teachers(self, progress: float) -> list[str]:
        """Names of the teachers that an objective active at ``progress`` reads."""
        needed = {n.partition(".")[0] for name in self._active(progress) for n in self._reads(name)}
        return [owner for owner in self._owners if owner in needed]

    def _active(self, progress: float) -> list[str]:
        """Objectives to evaluate: those with weight, and those that hold or feed on parameters.

        The latter are multiplied by 0: leaving them out would leave parameters without gradient, at
        which distributed training stops.
        """
        return [n for n in self._objectives if self.weights(progress)[n] or self._trains(n)]

    def _trains(self, objective: str) -> bool:
        calls = [self._objectives[objective]]
        calls += [self._derived[n] for n in self._reads(objective) if n in self._derived]
        return any(call.trains() for call in calls)

    def _reads(self, objective: str) -> set[str]:
        """Names an objective depends on, through adapters and indicators down to the networks."""
        found: set[str] = set()
        pending = list(self._objectives[objective].names())
        while pending:
            name = pending.pop()
            if name not in found:
                found.add(name)
                pending += self._derived[name].names() if name in self._derived else []
        return found

    def forward(self, named: Named, progress: float, *, every: bool = False) -> dict[str, Tensor]:
        """Evaluate the objectives, in float32 whatever the autocast state.

        Args:
            named: Tensors of the networks by name; (N, C, H, W) each.
            progress: Part of the training done, in [0, 1].
            every: Evaluate objectives whose weight is 0 at this time too, to try them out.

        Returns:
            Scalars by objective name, weights applied, and the mean of every indicator in use under
            ``ind_<name>`` (a key without ``loss`` is logged, not trained on).
        """
        active = list(self._objectives) if every else self._active(progress)
        weights = self.weights(progress)
        read = {n for name in active for n in self._reads(name)}
        device = next(iter(named.values())).device
        with torch.autocast(device.type, enabled=False):
            values = {n: t.float() for n, t in named.items() if n in read}
            for name, call in self._derived.items():
                if name in read:
                    values[name] = call(values)
            result = {n: weights[n] * self._objectives[n](values) for n in active}
        for name in self.indicators:
            if f"ind.{name}" in values:
                result[f"ind_{name}"] = values[f"ind.{name}"].mean()
        return result


def _check_owners(owners: Iterable[str]) -> None:
    for owner in owners:
        if owner in (*RESERVED, "ind") or not owner.isidentifier():
            raise KeyError(
                f"distill.teachers: {owner!r} cannot be a teacher's name; use a plain word other "
                "than student, ind, lr and gt"
            )
