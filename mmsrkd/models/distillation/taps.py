"""Taps: which tensor of a network is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any

from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from .names import check_keys, near


@dataclass(frozen=True)
class Tap:
    """One tensor at a module's border.

    Attributes:
        path: Dotted path of the module inside the network; '' is the network itself.
        role: ``output`` of the module or its ``input``. The input of the consumer is the way to a
            sum that no module returns (a residual added between two modules).
        index: Which element, where the module returns or takes several tensors.
        clone: Keep a copy of the value at this point. ``auto`` copies where the first pass shows
            that a later layer writes into the tensor (an in-place activation, ``res += x``), and
            refers to it elsewhere.
    """

    path: str
    role: str = "output"
    index: int | None = None
    clone: bool | str = "auto"

    @classmethod
    def parse(cls, spec: str | Mapping[str, Any], where: str) -> Tap:
        """Make a tap from its config: a dict with the fields above, or just the path.

        Raises:
            KeyError: For an unknown key.
            ValueError: For a role or clone mode that does not exist.
        """
        if isinstance(spec, str):
            spec = {"path": spec}
        check_keys(spec, [field.name for field in fields(cls)], where)
        tap = cls(**spec)
        if tap.role not in ("input", "output"):
            raise ValueError(f"{where}: role={tap.role!r} is unknown; choose 'input' or 'output'")
        if tap.clone not in (True, False, "auto"):
            raise ValueError(
                f"{where}: clone={tap.clone!r} is unknown; choose True, False or 'auto'"
            )
        return tap


class TapError(RuntimeError):
    """A tap did not fire once, or what it recorded was overwritten."""


class TapSet:
    """Forward hooks of one network, placed once and never toggled (so `torch.compile` sees them).

    They cost nothing outside `recording`. Not a module: the network keeps its own children and
    keys.

    Args:
        network: What is tapped.
        specs: Tap configs by name.
        owner: ``student`` or the teacher's name, for messages.

    Raises:
        KeyError: If a path does not exist; the message lists the nearest module names.
    """

    def __init__(
        self, network: nn.Module, specs: Mapping[str, str | Mapping[str, Any]], owner: str
    ) -> None:
        self.owner = owner
        self.taps = {n: Tap.parse(s, f"taps.{owner}.{n}") for n, s in specs.items()}
        self._record: dict[str, Tensor] = {}
        self._versions: dict[str, int] = {}
        self._fired: dict[str, int] = {}
        self._copies = {n for n, tap in self.taps.items() if tap.clone is True}
        self._enabled = False
        self._handles = [self._place(network, name, tap) for name, tap in self.taps.items()]

    def _place(self, network: nn.Module, name: str, tap: Tap) -> RemovableHandle:
        modules = dict(network.named_modules())
        if tap.path not in modules:
            raise KeyError(
                f"taps.{self.owner}.{name}: {type(network).__name__} has no module {tap.path!r}"
                f"{near(tap.path, modules)}"
            )
        if tap.role == "input":
            return modules[tap.path].register_forward_pre_hook(
                lambda _module, args: self._store(name, args)
            )
        return modules[tap.path].register_forward_hook(
            lambda _module, _args, output: self._store(name, output)
        )

    def _store(self, name: str, value: Any) -> None:
        if not self._enabled:
            return
        tensor = self._select(name, value)
        self._fired[name] += 1
        self._record[name] = tensor.clone() if name in self._copies else tensor
        self._versions[name] = self._record[name]._version

    def _select(self, name: str, value: Any) -> Tensor:
        index = self.taps[name].index
        if isinstance(value, tuple | list):
            if index is None and len(value) == 1:
                index = 0
            if index is None or not -len(value) <= index < len(value):
                raise IndexError(
                    f"taps.{self.owner}.{name}: the module gives {len(value)} values; set index "
                    "to one of "
                    f"0..{len(value) - 1} (it is {index})"
                )
            value = value[index]
        if not isinstance(value, Tensor):
            raise TypeError(
                f"taps.{self.owner}.{name}: recorded a {type(value).__name__}, not a tensor"
            )
        return value

    @contextmanager
    def recording(self) -> Iterator[dict[str, Tensor]]:
        """Record during one forward pass; the dict is filled when the block ends.

        Raises:
            TapError: If a tap did not fire exactly once, or if its tensor was overwritten in
                place afterwards although it is not copied.
        """
        result: dict[str, Tensor] = {}
        self._record, self._versions = {}, {}
        self._fired = dict.fromkeys(self.taps, 0)
        self._enabled = True
        try:
            yield result
        finally:
            self._enabled = False
        self._check()
        result.update({name: self._record[name] for name in self.taps})
        self._record = {}

    def _check(self) -> None:
        for name, count in self._fired.items():
            if count != 1:
                raise TapError(
                    f"taps.{self.owner}.{name}: module {self.taps[name].path!r} ran {count} times "
                    "in one "
                    "forward pass, so which tensor is meant is not defined; tap a module that "
                    "runs once"
                )
        for name in self.overwritten():
            raise TapError(
                f"taps.{self.owner}.{name}: a later layer writes into this tensor in place, so "
                "the recorded "
                "value is not the tapped one; set clone=True on the tap, or tap the input of the "
                "consumer"
            )

    def overwritten(self) -> list[str]:
        """Names of taps whose tensor changed in place after it was recorded in the last pass."""
        return [n for n, tensor in self._record.items() if tensor._version != self._versions[n]]

    @contextmanager
    def learning_copies(self) -> Iterator[dict[str, Tensor]]:
        """Like `recording`, but ``auto`` taps that are overwritten become copies from now on.

        The tensors recorded in this pass are good for their shapes only.
        """
        result: dict[str, Tensor] = {}
        try:
            with self.recording() as recorded:
                yield result
        except TapError:
            changed = {n for n in self.overwritten() if self.taps[n].clone == "auto"}
            if not changed:
                raise
            self._copies |= changed
            result.update(self._record)
            self._record = {}
            return
        result.update(recorded)

    def remove(self) -> None:
        """Take the hooks off the network."""
        for handle in self._handles:
            handle.remove()
