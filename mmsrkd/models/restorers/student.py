"""From the config of a distilling model to that of its student alone."""

from __future__ import annotations

import copy
from typing import Any

#: Models that hold a ``distill`` block beside their student.
DISTILLING = ("DistillEditModel", "SelfDistillEditModel")


def student_config(model: dict[str, Any]) -> dict[str, Any]:
    """Return the config of the plain model that tests, publishes and deploys what ``model`` trains.

    Args:
        model: Config of a model with a ``generator``; of a distilling one the ``distill``
            block is dropped; any other is returned as a copy, a `PrivilegedEditModel` too, since
            its network is fed what its block makes.
    """
    plain = copy.deepcopy(model)
    if str(plain.get("type", "")).rpartition(".")[2] in DISTILLING:
        plain["type"] = "BaseEditModel"
        plain.pop("distill", None)
    return plain
