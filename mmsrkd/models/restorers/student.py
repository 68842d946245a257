"""From the config of a distilling model to that of its student alone."""

from __future__ import annotations

import copy
from typing import Any

#: Models that hold more than their network, and the blocks of their config that say so.
TRAINING_ONLY = {
    "DistillEditModel": ("distill",),
    "SelfDistillEditModel": ("distill",),
    "AdaptEditModel": ("adapt",),
    "AdaptDistillEditModel": ("distill", "adapt"),
    "MultiTaskDistillEditModel": ("distill",),
    "AdaptMultiTaskEditModel": ("adapt",),
    "AdaptMultiTaskDistillEditModel": ("distill", "adapt"),
}


def editor_config(model: dict[str, Any]) -> dict[str, Any]:
    """Return the config of the plain editor of a network, as it is deployed.

    Args:
        model: As `student_config` takes it; one of several tasks gives all images of its
            network's ``form``, where a test asks for that of a task.
    """
    plain = student_config(model)
    if str(plain.get("type", "")).rpartition(".")[2] == "MultiTaskEditModel":
        plain["type"] = "BaseEditModel"
        plain.pop("freeze", None)
    return plain


def require_preprocessor(model: dict[str, Any]) -> dict[str, Any]:
    """Return a model's config, which has to say how images of 0..255 come to [0, 1].

    Raises:
        ValueError: If it does not.
    """
    if not model.get("data_preprocessor"):
        raise ValueError(
            "the config has no model.data_preprocessor, which brings images of 0..255 to [0, 1]: "
            'add data_preprocessor=dict(type="DataPreprocessor", mean=[0.0] * 3, std=[255.0] * 3) '
            "to its model, or _base_/models/restorer.py to its _base_"
        )
    return model


def distils(model: dict[str, Any]) -> bool:
    """Whether the config is that of a model that holds more than its network."""
    return bool(model.get("type") != student_config(model).get("type"))


def student_config(model: dict[str, Any]) -> dict[str, Any]:
    """Return the config of the plain model that tests, publishes and deploys what ``model`` trains.

    Args:
        model: Config of a model with a ``generator``; of a distilling or adapting one the
            ``distill`` and ``adapt`` blocks are dropped; any other is returned as a copy, a
            `PrivilegedEditModel` too, since its network is fed what its block makes.
    """
    plain = copy.deepcopy(model)
    kind = str(plain.get("type", "")).rpartition(".")[2]
    blocks = TRAINING_ONLY.get(kind)
    if blocks is not None:
        plain["type"] = "MultiTaskEditModel" if "MultiTask" in kind else "BaseEditModel"
        for block in blocks:
            plain.pop(block, None)
    return plain
