from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from mmsrkd.checkpoints.families.family import Converted, Family, Hints, State

_INNER = "network."


def around(find_family: Callable[[State], Family | None]) -> Family:
    """Make the family of a luminance network inside `LumaOnly`: our own files, no others have it.

    Args:
        find_family: Finds the family of the network inside.
    """

    def inner(state: State) -> dict[str, Tensor]:
        return {key.removeprefix(_INNER): value for key, value in state.items()}

    def detect(state: State) -> bool:
        wrapped = bool(state) and all(key.startswith(_INNER) for key in state)
        return wrapped and find_family(inner(state)) is not None

    def convert(state: State, hints: Hints) -> Converted:
        family = find_family(inner(state))
        assert family is not None
        found = family.convert(inner(state), {**hints, "ours": True})
        return Converted(
            {"type": "LumaOnly", "network": found.network_cfg},
            {f"{_INNER}{key}": value for key, value in found.state_dict.items()},
            {**found.info, "family": f"LumaOnly, {found.info['family']}"},
        )

    return Family("LumaOnly", detect, convert)
