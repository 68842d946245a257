from __future__ import annotations

import pytest
import torch

import mmsrkd.registry  # noqa: F401
from mmsrkd.compat import torchvision as repair


def test_stock_import_still_fails(stock: dict[str, str | None]):
    if repair.compiled_operators_load():
        pytest.skip("torchvision's operators fit this torch")
    assert stock["torchvision"] is not None
    assert "torchvision::nms" in stock["torchvision"]


def test_torchvision_imports_with_the_declarations():
    import torchvision
    from torchvision.models import vgg16

    assert torchvision.__version__
    assert vgg16(weights=None)


def test_nothing_is_declared_where_the_operators_load(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(repair, "_library", None)
    monkeypatch.setattr(repair, "compiled_operators_load", lambda: True)
    assert repair.declare_missing_operators() is False


def test_a_declared_operator_cannot_be_called_silently():
    if repair.compiled_operators_load():
        pytest.skip("torchvision's operators fit this torch")
    with pytest.raises(NotImplementedError):
        torch.ops.torchvision.nms(torch.zeros(1, 4), torch.zeros(1), 0.5)
