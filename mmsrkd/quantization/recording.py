"""What a network does to its image, seen from outside: one operation after the other.

Nothing of the network changes and nothing is parsed: a mode of torch sees every function a forward
pass calls. So control flow may depend on data; a branch that no example takes stays in float.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from .calls import KINDS, counts, function_name, operands, positional, tensors

#: The name of the network's input among the values.
IMAGE = "image"


@dataclass
class Op:
    """One call inside a network.

    Attributes:
        address: Unique name: path of the layer, or path of the module, function and number; ``~1``
            behind a module that its parent calls a second time.
        kind: One of `KINDS`' values, or ``other``.
        inputs: For each operand that is an activation, addresses of the calls it came from.
        weight: Name of the weight parameter of a convolution or linear layer.
        weight_axis: Its axis of output channels.
        constant: The number an ``add``, ``sub`` or ``mul`` takes beside one activation.
    """

    address: str
    kind: str
    inputs: dict[int, set[str]] = field(default_factory=dict)
    weight: str | None = None
    weight_axis: int = 0
    constant: float | None = None

    @property
    def binary(self) -> bool:
        """Whether two activations meet in it."""
        return len(self.inputs) > 1

    @property
    def transposed(self) -> bool:
        """Whether it is a transposed convolution."""
        return self.kind == "conv" and self.weight_axis == 1


@dataclass
class Graph:
    """Calls in the order of the first example, and what became the output."""

    ops: dict[str, Op] = field(default_factory=dict)
    results: set[str] = field(default_factory=set)

    def learned(self) -> set[str]:
        """The calls that depend on a weight; the others prepare the image by fixed arithmetic."""
        found: set[str] = set()
        while True:
            more = {
                op.address
                for op in self.ops.values()
                if op.address not in found
                and (op.weight or any(s in found for i in op.inputs.values() for s in i))
            }
            if not more:
                return found
            found |= more

    def users(self, address: str) -> list[Op]:
        """The calls that take a value."""
        return [op for op in self.ops.values() if any(address in i for i in op.inputs.values())]


_ACTIVE = threading.local()


class CallNames(TorchFunctionMode):
    """Base: a mode that knows the address of each call. Modules announce themselves by hooks."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.parameter_names = {id(p): name for name, p in network.named_parameters()}
        self._frames: list[tuple[str, Counter[str]]] = [("", Counter())]

    def __enter__(self) -> CallNames:
        """Become the mode that modules announce themselves to."""
        self._before = getattr(_ACTIVE, "mode", None)
        _ACTIVE.mode = self
        super().__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        """Give way to the mode before."""
        _ACTIVE.mode = self._before
        super().__exit__(*error)

    def enter_module(self, path: str) -> None:
        """A module's forward pass begins; called again by the same parent, it gets a number."""
        calls = self._frames[-1][1]
        number = calls[path]
        calls[path] += 1
        self._frames.append((f"{path}~{number}" if number else path, Counter()))

    def leave_module(self) -> None:
        """A module's forward pass ends."""
        self._frames.pop()

    def name(self, function: str, weight: str | None) -> str:
        """Address of the call that is made now."""
        path, counts = self._frames[-1]
        if weight is not None and path.partition("~")[0] == weight.rpartition(".")[0]:
            return path  # a layer that makes one call
        number = counts[function]
        counts[function] += 1
        return f"{path}.{function}_{number}".lstrip(".")

    def weight_of(self, kind: str, args: Sequence[Any], kwargs: dict[str, Any]) -> str | None:
        """Name of the weight of a convolution or linear layer; None for a computed one."""
        if kind not in ("conv", "linear"):
            return None
        weight = args[1] if len(args) > 1 else kwargs.get("weight")
        return self.parameter_names.get(id(weight))


def announce(network: nn.Module) -> list[torch.utils.hooks.RemovableHandle]:
    """Let every module with parts tell the active mode when it begins and ends."""
    handles = []
    for path, module in network.named_modules():
        handles.append(module.register_forward_pre_hook(partial(_begin, path)))
        handles.append(module.register_forward_hook(_end, always_call=True))
    return handles


def _begin(path: str, module: nn.Module, args: Any) -> None:
    mode = getattr(_ACTIVE, "mode", None)
    if mode is not None:
        mode.enter_module(path)


def _end(module: nn.Module, args: Any, output: Any) -> None:
    mode = getattr(_ACTIVE, "mode", None)
    if mode is not None:
        mode.leave_module()


class Recorder(CallNames):
    """Writes down the calls of a forward pass."""

    def __init__(self, network: nn.Module, graph: Graph) -> None:
        super().__init__(network)
        self.graph = graph
        self._sources: dict[int, str] = {}
        self._alive: list[Tensor] = []  # an id is only good while its tensor lives

    def know(self, tensor: Tensor, address: str) -> None:
        """Remember where a tensor came from."""
        self._sources[id(tensor)] = address
        self._alive.append(tensor)

    def source(self, value: Any) -> str | None:
        """Where a tensor came from; None for constants."""
        return self._sources.get(id(value)) if isinstance(value, Tensor) else None

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Call and record."""
        name = function_name(func)
        kind = KINDS.get(name, "other")
        args, kwargs = positional(kind, args, kwargs or {})
        values = operands(kind, args)
        if not counts(values):
            return func(*args, **kwargs)
        # sources before the call: one that works in place returns its own operand
        sources = {i: s for i, value in enumerate(values) if (s := self.source(value))}
        weight = self.weight_of(kind, args, kwargs)
        address = self.name(name, weight)
        out = func(*args, **kwargs)
        results = list(tensors(out))
        if sources and results and results[0].is_floating_point():
            op = Op(address, kind, weight=weight, weight_axis=int(name == "conv_transpose2d"))
            self._record(op, args, sources, results)
        return out

    def _record(
        self, fresh: Op, args: Sequence[Any], sources: dict[int, str], results: list[Tensor]
    ) -> None:
        op = self.graph.ops.setdefault(fresh.address, fresh)
        for position, source in sources.items():
            op.inputs.setdefault(position, set()).add(source)
        if op.kind in ("add", "sub", "mul") and len(sources) == 1 and len(args) > 1:
            other = args[1 - next(iter(sources))]
            op.constant = float(other) if isinstance(other, int | float) else None
        for result in results:
            self.know(result, op.address)


@contextmanager
def _announced(network: nn.Module) -> Iterator[None]:
    handles = announce(network)
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


@torch.no_grad()
def record(network: nn.Module, examples: Iterable[Tensor]) -> Graph:
    """Write down what a network does.

    Args:
        network: As it is to be quantised; run in evaluation mode, left in the mode it had.
        examples: Inputs (N, C, H, W). Several, where the way through the network depends on them.

    Returns:
        The union of what was seen.
    """
    graph, training = Graph(), network.training
    network.eval()
    try:
        with _announced(network):
            for example in examples:
                recorder = Recorder(network, graph)
                recorder.know(example, IMAGE)
                with recorder:
                    out = network(example)
                graph.results |= {s for t in tensors(out) if (s := recorder.source(t))}
    finally:
        network.train(training)
    return graph
