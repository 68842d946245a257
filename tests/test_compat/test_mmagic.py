"""What the lean mmagic has, and whether its repairs are still needed."""

from __future__ import annotations

import ast
import importlib
import importlib.metadata
import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mmsrkd.compat import LEFT_OUT
from mmsrkd.compat.lean_import import FIRST_PARTY
from mmsrkd.compat.mmagic import OPERATOR_WARNINGS
from mmsrkd.registry import DATASETS, HOOKS, METRICS, MODELS, TRANSFORMS

KEPT = {
    MODELS: (
        *("EDSRNet", "SwinIRNet", "RDNNet", "RRDBNet", "MSRResNet", "NAFNet", "Restormer"),
        *("SRCNNNet", "BaseEditModel", "DataPreprocessor", "L1Loss", "CharbonnierLoss", "GANLoss"),
        *(
            "PerceptualLoss",
            "RealESRGAN",
            "ESRGAN",
            "SRGAN",
            "ModifiedVGG",
            "UNetDiscriminatorWithSpectralNorm",
        ),
    ),
    TRANSFORMS: (
        *("LoadImageFromFile", "PairedRandomCrop", "Flip", "RandomTransposeHW", "PackInputs"),
        *("SetValues", "MATLABLikeResize", "RandomBlur", "DegradationsWithShuffle"),
    ),
    DATASETS: ("BasicImageDataset",),
    METRICS: ("PSNR", "SSIM", "MAE"),
    HOOKS: ("BasicVisualizationHook", "ExponentialMovingAverageHook"),
}


@pytest.mark.parametrize(
    ("registry", "name"), [(registry, name) for registry, names in KEPT.items() for name in names]
)
def test_what_works_is_kept(registry, name: str):
    assert registry.get(name).__module__.startswith("mmagic")


def test_left_out_blames_third_parties_only():
    assert METRICS.get("PSNR")  # everything of mmagic is imported by now
    for record in LEFT_OUT:
        assert record.missing not in FIRST_PARTY, record
        assert record.package.startswith("mmagic."), record


def test_every_lost_class_is_accounted_for():
    """A class of mmagic that did not register is found under its name, with the reason."""
    from mmsrkd.compat import find_left_out

    package = _source("mmagic").parent / "models" / "editors"
    for path in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            decorators = [ast.unparse(d) for d in getattr(node, "decorator_list", [])]
            if "MODELS.register_module()" in decorators:
                name = node.name
                known = MODELS._find(name) or find_left_out(name)
                assert known, f"{name} of {path.name} neither registered nor was recorded"


@pytest.mark.parametrize(
    ("name", "package"),
    [("EDVRNet", "mmcv"), ("StyleGANv2Generator", "mmcv"), ("DiscoDiffusion", "lpips")],
)
def test_building_a_left_out_model_names_the_package(name: str, package: str):
    if MODELS._find(name) is not None:
        pytest.skip(f"{package} is installed")
    with pytest.raises(ImportError, match=f"{name} .* because {package}.* install"):
        MODELS.build({"type": name})


def test_whole_where_the_third_party_is_installed(tmp_path: Path):
    if importlib.util.find_spec("lpips"):
        pytest.skip("lpips is installed")
    (tmp_path / "lpips.py").write_text("class LPIPS: pass\n")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from mmsrkd.registry import METRICS\nfrom mmsrkd.compat import LEFT_OUT\n"
        "print(METRICS.get('PPL').__name__, 'lpips' in {r.missing for r in LEFT_OUT})"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    # and nothing else on the output: mmagic's own warnings about operators are gone
    assert run.stdout.split() == ["PerceptualPathLength", "False"], run.stdout


# When the repairs can go: each of these fails, or is skipped, once mmagic no longer needs one.


def test_stock_import_still_fails(stock: dict[str, str | None]):
    if stock["mmagic"] is None:
        pytest.skip("a full installation: the stock import works")
    assert "Error" in stock["mmagic"]


def test_bool8_still_used():
    assert "np.bool8" in _source("mmagic", "utils/trans_utils.py").read_text()
    assert not hasattr(np, "bool8")
    assert importlib.import_module("mmagic.utils.trans_utils")


def test_archs_still_unpacks_none():
    text = _source("mmagic", "models/archs/__init__.py").read_text()
    assert "return None" in text
    assert "if diffusers is None:" in text


@pytest.mark.parametrize("module", OPERATOR_WARNINGS)
def test_still_prints_warnings(module: str):
    path = _source("mmagic", module.partition(".")[2].replace(".", "/") + ".py")
    assert "Warning: mmcv.ops" in path.read_text()


def _source(package: str, path: str = "__init__.py") -> Path:
    files = importlib.metadata.files(package) or []
    return Path(next(f for f in files if str(f) == f"{package}/{path}").locate())
