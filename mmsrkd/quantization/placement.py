"""Which values of a recorded network are rounded, and on which grid."""

from __future__ import annotations

from dataclasses import replace

from .grid import Grid
from .overrides import check_patterns, check_results
from .plan import Plan, Spot
from .recording import IMAGE, Graph, Op
from .scheme import Scheme

#: Operations that integer kernels exist for: what enters them is rounded, ...
INTEGER = {
    "ort": ("conv", "linear", "matmul", "add", "sub", "mul", "cat", "leaky_relu", "sigmoid"),
    "trt": ("conv", "linear", "matmul", "add"),
}
#: ... and what leaves them, in a layout that wants it.
ROUNDS_RESULTS = {"ort": (*INTEGER["ort"], "relu"), "trt": ()}
#: What gives no negative value, and so has the zero point 0 on any unsigned grid.
NOT_NEGATIVE = ("relu", "sigmoid")
#: The grid of a sigmoid, 0 to 255/256; less 1/2 it is the same integers with zero point 128.
SIGMOID = (1 / 256, 0)
#: The grid of pictures of 8 bits.
PICTURE = (1 / 255, 0)


def place(graph: Graph, scheme: Scheme) -> Plan:
    """Decide where a network is rounded.

    Args:
        graph: As `record` wrote it down.
        scheme: The layout, the grids and their exceptions.

    Raises:
        UnusedPatternError: If an override fits no address, or nothing its numbers are for.
        ValueError: If nothing is left to round.
    """
    check_patterns(graph, scheme)
    placement = _Placement(graph, scheme)
    for op in graph.ops.values():
        placement.weight(op)
        placement.result(op)
    for op in graph.ops.values():
        placement.operands(op)
    for address in placement.plan.weights:
        placement.read(graph.ops[address])
    if not placement.plan.weights:
        raise ValueError(
            "no convolution or linear layer is left to quantise: the overrides take all of them, "
            "or the network has none"
        )
    check_results(placement.asked, scheme)
    return placement.plan


class _Placement:
    """The plan while it is made."""

    def __init__(self, graph: Graph, scheme: Scheme) -> None:
        self.graph, self.scheme, self.plan = graph, scheme, Plan()
        self.integer = tuple(
            kind for kind in INTEGER[scheme.layout] if scheme.round_sums or kind != "add"
        )
        self.rounds_results = ROUNDS_RESULTS[scheme.layout]
        self.learned = graph.learned()
        #: Addresses whose activations are rounded, whatever the grid.
        self.asked: set[str] = set()

    def weight(self, op: Op) -> None:
        """Round the weight of a layer."""
        if op.kind not in ("conv", "linear"):
            return
        if op.weight is None or self._is_float(op.address):
            self.plan.unrounded.append(op.address)
            return
        exception = self.scheme.exception(op.address)
        grid = self.scheme.weight_grid(exception.weight_bits if exception else None, op.weight_axis)
        self.plan.spots[op.weight] = Spot(grid, weight=op.weight)
        self.plan.weights[op.address] = op.weight
        if self._balances(op):
            self.plan.balanced.append(op.address)
        if self._is_fine(op):
            self.plan.fine.append(op.address)

    def result(self, op: Op) -> None:
        """Round what an operation gives, if the layout wants it."""
        if op.kind not in self.rounds_results or self._is_float(op.address):
            return
        if self._concerns_image(op):
            return
        if self._moves(op) or self._left_to_relu(op) or self._left_to_user(op):
            return
        self.plan.spots[op.address] = self._spot(op.address)
        self.plan.outputs[op.address] = op.address

    def operands(self, op: Op) -> None:
        """Round what an integer operation takes, unless it is rounded already."""
        if op.kind not in self.integer or self._is_float(op.address) or self._moves(op):
            return
        if op.kind in ("add", "sub", "mul", "matmul") and not op.binary:
            return  # a constant is no activation; its result is rounded where it is used
        if self._concerns_image(op):
            return
        if op.kind in ("conv", "linear") and op.address not in self.plan.weights:
            return
        if self._left_to_user(op):
            return  # it works on what is not rounded yet, and so does not want rounded operands
        if self._has_own_input(op):
            name = f"{op.address}:in0"
            self.plan.spots[name] = self._own_spot(op)
            self.plan.inputs[op.address, 0] = name
            return
        for position, sources in op.inputs.items():
            if all(self._on_grid(source) for source in sources):
                continue
            if self._fuses(op, position):
                continue
            name = self._name_of_input(op, position, sources)
            if name not in self.plan.spots:
                lone = len(sources) == 1
                self.plan.spots[name] = (
                    self._spot(next(iter(sources))) if lone else self._free_spot(op.address)
                )
            self.plan.inputs[op.address, position] = name

    def read(self, op: Op) -> None:
        """Note the grid a layer's bias is added on, which a runtime of integer sums rounds too."""
        if self.scheme.layout != "ort":
            return
        spot = self.plan.inputs.get((op.address, 0)) or self._grid_of(op.inputs.get(0, set()))
        if spot is not None:
            self.plan.reads[op.address] = spot

    def _grid_of(self, sources: set[str]) -> str | None:
        """What rounded a value last; None where that is not one fake-quantiser for all."""
        if len(sources) != 1:
            return None
        (source,) = sources
        if source in self.plan.outputs:
            return self.plan.outputs[source]
        if self._kind(source) != "move":
            return None
        return self._grid_of({s for i in self.graph.ops[source].inputs.values() for s in i})

    def _name_of_input(self, op: Op, position: int, sources: set[str]) -> str:
        """By its source, so that all who take a value share one; by its user, if it has several."""
        if len(sources) == 1:
            return f"{next(iter(sources))}:out"
        return f"{op.address}:in{position}"

    def _spot(self, source: str) -> Spot:
        """What rounds a result, on a grid that is known beforehand where there is one."""
        free = self._free_spot(source)
        return replace(free, fixed=self._known(source, free.grid))

    def _free_spot(self, address: str) -> Spot:
        """What rounds another value, with the exceptions of the operation that takes it."""
        self.asked.add(address)
        exception = self.scheme.exception(address)
        return Spot(self.scheme.activation_grid(exception.activation_bits if exception else None))

    def _own_spot(self, op: Op) -> Spot:
        """What rounds the input of an operation for it alone."""
        spot = self._free_spot(op.address)
        grid = replace(spot.grid, signed=True, symmetric=True) if self._centres(op) else spot.grid
        return replace(spot, grid=grid, balanced=self._balances(op), fine=self._is_fine(op))

    def _known(self, source: str, grid: Grid) -> tuple[float, int] | None:
        if grid.signed or grid.symmetric or grid.power_of_two or grid.bits != 8:
            return None
        if self._kind(source) == "sigmoid":
            return SIGMOID
        if self.scheme.pictures_are_exact and (source == IMAGE or self._is_picture(source)):
            return PICTURE
        return None

    def _is_picture(self, source: str) -> bool:
        """Whether a value leaves the network as it is: the image, to be clipped to [0, 1]."""
        users = self.graph.users(source)
        if source in self.graph.results:
            return not users
        return bool(users) and all(
            user.kind == "move" and self._is_picture(user.address) for user in users
        )

    def _kind(self, address: str) -> str:
        op = self.graph.ops.get(address)
        return op.kind if op else "image"

    def _is_float(self, address: str) -> bool:
        exception = self.scheme.exception(address)
        if exception is not None and exception.precision == "float":
            return True
        return self.graph.ops[address].transposed and not self.scheme.rounds_transposed

    def _moves(self, op: Op) -> bool:
        """Whether the result is the same integers, read with another scale or zero point."""
        if op.kind == "move":
            return True
        if op.constant is None or op.binary:
            return False
        (sources,) = op.inputs.values()
        if op.kind == "mul":
            return op.constant > 0
        if op.kind != "sub" or 0 not in op.inputs or op.constant / SIGMOID[0] % 1:
            return False
        return all(self._fixed_sigmoid(source) for source in sources)

    def _fixed_sigmoid(self, address: str) -> bool:
        spot = self.plan.spots.get(self.plan.outputs.get(address, ""))
        return spot is not None and spot.fixed == SIGMOID

    def _concerns_image(self, op: Op) -> bool:
        """Whether an operation works on the picture before any layer did, such as its enlargement.

        Eight bits are too few for sums of filtered pictures, and for the enlarged picture that a
        network adds its details to.
        """
        if op.kind in ("conv", "linear"):
            return False
        return any(s not in self.learned for i in op.inputs.values() for s in i)

    def _left_to_relu(self, op: Op) -> bool:
        """Whether a ReLU follows at once, which the rounding behind it carries out."""
        users = self.graph.users(op.address)
        return (
            op.kind in ("conv", "linear", "add")
            and len(users) == 1
            and users[0].kind == "relu"
            and not self.scheme.activation_signed
            and op.address not in self.graph.results
        )

    def _fuses(self, op: Op, position: int) -> bool:
        """Whether an operand is a convolution that can add the other one to its sums."""
        if op.kind != "add" or self.scheme.layout != "trt":
            return False
        lone = [p for p, s in op.inputs.items() if all(self._is_lone_conv(a) for a in s)]
        return lone[:1] == [position]

    def _balances(self, op: Op) -> bool:
        exception = self.scheme.exception(op.address)
        return op.kind == "conv" and exception is not None and exception.balance

    def _is_fine(self, op: Op) -> bool:
        exception = self.scheme.exception(op.address)
        return op.kind == "conv" and exception is not None and exception.fine_input

    def _has_own_input(self, op: Op) -> bool:
        """Whether an operation rounds its input for itself alone."""
        return self._scales_input(op) or self._centres(op)

    def _scales_input(self, op: Op) -> bool:
        """Whether an operation wants its input as it was computed, not rounded for others."""
        return self._balances(op) or self._is_fine(op)

    def _centres(self, op: Op) -> bool:
        """Whether an operation needs an input with the zero point 0, which others do not have."""
        if not op.transposed:
            return False
        if self.scheme.activation_signed and self.scheme.activation_symmetric:
            return False
        return any(self._kind(s) not in NOT_NEGATIVE for i in op.inputs.values() for s in i)

    def _left_to_user(self, op: Op) -> bool:
        """Whether only such operations take the result, and round it behind their factors.

        A convolution has to round its own, and a ReLU does it for one: no kernel gives anything but
        integers.
        """
        users = self.graph.users(op.address)
        return (
            op.kind not in ("conv", "linear", "relu")
            and op.address not in self.graph.results
            and bool(users)
            and all(self._scales_input(user) for user in users)
        )

    def _is_lone_conv(self, address: str) -> bool:
        return self._kind(address) == "conv" and len(self.graph.users(address)) == 1

    def _on_grid(self, address: str) -> bool:
        if address in self.plan.outputs:
            return True
        op = self.graph.ops.get(address)
        if op is None or not self._moves(op):
            return False
        return all(self._on_grid(s) for sources in op.inputs.values() for s in sources)
