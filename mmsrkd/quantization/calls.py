"""What a call of torch is about: its kind, and which of its arguments are activations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from torch import Tensor

#: What a function is, by its name without underscores.
KINDS = {
    **dict.fromkeys(("conv1d", "conv2d", "conv3d", "conv_transpose2d"), "conv"),
    "linear": "linear",
    **dict.fromkeys(("matmul", "bmm", "rmatmul"), "matmul"),
    **dict.fromkeys(("add", "radd", "iadd"), "add"),
    **dict.fromkeys(("sub", "isub", "subtract"), "sub"),
    **dict.fromkeys(("mul", "rmul", "imul", "multiply"), "mul"),
    **dict.fromkeys(("cat", "concat", "concatenate"), "cat"),
    "relu": "relu",
    "leaky_relu": "leaky_relu",
    "sigmoid": "sigmoid",
    "batch_norm": "norm",
    # the same numbers in other places, or fewer of them
    **dict.fromkeys(
        (
            *("pixel_shuffle", "pixel_unshuffle", "view", "reshape", "permute", "transpose"),
            *("contiguous", "flatten", "unflatten", "chunk", "split", "unbind", "getitem"),
            *("squeeze", "unsqueeze", "expand", "narrow", "movedim", "clone", "detach"),
            *("max_pool2d", "rearrange", "crop", "to", "float", "identity", "dropout"),
        ),
        "move",
    ),
}
#: Arguments of each kind that may hold activations.
OPERANDS = {"conv": 1, "linear": 1, "relu": 1, "leaky_relu": 1, "sigmoid": 1, "move": 1, "norm": 1}


def function_name(function: Callable[..., Any]) -> str:
    """A function's name without what tells methods and functions apart."""
    return str(getattr(function, "__name__", "unnamed")).strip("_")


def positional(
    kind: str, args: Sequence[Any], kwargs: dict[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """Put operands that were passed by name in front, where the others have theirs."""
    if len(args) >= (2 if kind in ("add", "sub", "mul", "matmul") else 1):
        return list(args), kwargs
    names = ["tensors"] if kind == "cat" else ["input", "other"]
    found = [kwargs[name] for name in names if name in kwargs]
    rest = {key: value for key, value in kwargs.items() if key not in names}
    return [*args, *found], rest


def operands(kind: str, args: Sequence[Any]) -> list[Any]:
    """The arguments that may be activations, lists opened."""
    if args and isinstance(args[0], list | tuple):
        return list(args[0])
    return list(args[: OPERANDS.get(kind, len(args))])


def counts(values: Sequence[Any]) -> bool:
    """Whether a call is about features; sums of sizes, which a tracer adds, are not."""
    return any(
        isinstance(value, Tensor) and value.is_floating_point() and value.ndim > 1
        for value in values
    )


def tensors(value: Any) -> Iterator[Tensor]:
    """Every tensor in a result."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from tensors(entry)
