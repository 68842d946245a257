from __future__ import annotations

import pytest
from mmagic import registry as mmagic_registry
from mmengine.registry import DefaultScope, Registry

from mmsrkd import registry
from mmsrkd.registry import MODELS, PluginRegistry


def test_every_node_mmagic_has_is_there_as_its_child():
    nodes = {
        name
        for name, value in vars(mmagic_registry).items()
        if isinstance(value, Registry) and hasattr(registry, name)
    }
    assert set(registry.__all__) == nodes
    for name in registry.__all__:
        child = getattr(registry, name)
        assert isinstance(child, PluginRegistry)
        assert child.parent is getattr(mmagic_registry, name)
        assert child.scope == "mmsrkd"


@pytest.mark.parametrize("name", ["LGRNet", "mmsrkd.LGRNet", "SPAN"])
def test_our_names_are_found_without_importing_anything_first(name: str):
    assert MODELS.get(name).__module__.startswith("mmsrkd.models")


@pytest.mark.parametrize(
    ("name", "package"),
    [("EDSRNet", "mmagic"), ("mmagic.EDSRNet", "mmagic"), ("ImgDataPreprocessor", "mmengine")],
)
def test_names_of_parents_are_found(name: str, package: str):
    assert MODELS.get(name).__module__.startswith(package)


def test_unknown_name_lists_near_ones():
    with pytest.raises(KeyError, match=r"nearest names: .*LGRNet"):
        MODELS.get("LGRNett")


def test_build_from_the_root_scope_reaches_us():
    """mmengine builds from its root registry and finds ours through the default scope."""
    from mmengine.registry import MODELS as ROOT

    with DefaultScope.overwrite_default_scope("mmsrkd"):
        network = ROOT.build({"type": "LGRNet", "channels": 4, "num_blocks": 2, "scale": 2})
    assert type(network).__name__ == "LGRNet"
