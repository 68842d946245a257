"""torchvision whose compiled operators do not fit the installed torch.

A torchvision built for another torch (the commonest mix-up of installing the two from different
indexes; also any PyPI wheel beside a CPU build of torch) dies on import with ``operator
torchvision::nms does not exist``. Its Python parts need no operators, so their schemas are declared
first. Nothing is declared where the compiled operators load. Can go when torchvision imports
without its operators (``tests/test_compat/test_torchvision.py::test_stock_import_still_fails``).
"""

from __future__ import annotations

import importlib.util
import os

#: Schemas that torchvision's Python modules register fakes or gradients for at import time.
_SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)
_library = None  # keeps the declarations alive


def declare_missing_operators() -> bool:
    """Declare torchvision's operators if its compiled library cannot provide them.

    Returns:
        True if anything had to be declared.
    """
    global _library
    if _library is not None:
        return True
    if importlib.util.find_spec("torchvision") is None:
        return False
    import torch

    if compiled_operators_load():
        return False
    _library = torch.library.Library("torchvision", "FRAGMENT")
    for schema in _SCHEMAS:
        _library.define(schema)
    return True


def compiled_operators_load() -> bool:
    """Whether torchvision's compiled library loads into the installed torch."""
    import torch

    spec = importlib.util.find_spec("torchvision")
    folder = (spec.submodule_search_locations or [""])[0] if spec else ""
    for name in ("_C.so", "_C.pyd", "_C.dylib"):
        path = os.path.join(folder, name)
        if os.path.exists(path):
            try:
                torch.ops.load_library(path)
            except OSError:
                return False
            return hasattr(torch.ops.torchvision, "nms")
    return False
