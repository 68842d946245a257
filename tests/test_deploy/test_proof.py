from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
import pytest

from mmsrkd.datasets.errors import MissingDataError
from mmsrkd.datasets.resize import matlab_resize
from mmsrkd.deploy.errors import ParityError
from mmsrkd.deploy.proof import Proof, check_budget, prove, within
from mmsrkd.deploy.proof_images import make_pair, proof_files
from mmsrkd.evaluation.restoration_metrics import RestorationPSNR


def twice(image: np.ndarray) -> np.ndarray:
    """A network that doubles both sides."""
    return image.repeat(2, axis=2).repeat(2, axis=3)


def test_set5_is_looked_for_and_without_it_the_samples_serve(
    set5: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    assert [path.name for path in proof_files()] == ["cat.png"]
    monkeypatch.setenv("MMSRKD_DATA", str(tmp_path))
    assert [path.name for path in proof_files()] == ["astronaut.png", "chelsea.png", "coffee.png"]


def test_a_folder_without_images_is_named(tmp_path: Path):
    with pytest.raises(MissingDataError, match=f"{tmp_path} holds no image"):
        proof_files(tmp_path)
    with pytest.raises(MissingDataError, match="no-such does not exist"):
        proof_files(tmp_path / "no-such")


def test_lr_is_matlabs_and_psnr_the_tables(set5: Path):
    hr = cv2.imread(str(set5 / "cat.png"))[..., ::-1]
    lr = matlab_resize(np.ascontiguousarray(hr), 0.5)
    pair = make_pair(set5 / "cat.png", 2, None)
    assert np.array_equal(np.round(pair.lr[0] * 255), lr.transpose(2, 0, 1))
    (proof,) = prove(twice, [twice], 2)
    out = twice(lr.transpose(2, 0, 1)[None])[0]
    psnr = RestorationPSNR(scale=2, prefix="x")
    wanted = psnr.process_image(pair.hr, out, channel_order="RGB")
    assert proof.psnr_reference == pytest.approx(wanted, abs=1e-6)
    assert proof.change_db == 0
    assert (proof.max_abs, proof.psnr_between, proof.images) == (0, math.inf, ("cat",))


@pytest.mark.parametrize("static", [(2, 3, 80, 90), (1, 3, 20, 24), (1, 3, 20, 90)])
def test_pictures_are_fitted_to_a_static_shape(set5: Path, static: tuple[int, ...]):
    shapes = []

    def watching(image: np.ndarray) -> np.ndarray:
        shapes.append(image.shape)
        return twice(image)

    pair = make_pair(set5 / "cat.png", 2, static)
    height, width = min(48, static[2]), min(55, static[3])
    assert pair.hr.shape == (3, 2 * height, 2 * width)
    (proof,) = prove(watching, [watching], 2, static=static)
    assert set(shapes) == {static}
    assert 20 < proof.psnr_reference < 40, "the mirrored rest is not measured"


def test_another_runtime_is_measured(set5: Path):
    (proof,) = prove(twice, [lambda image: twice(image) + np.float32(0.01)], 2)
    assert proof.max_abs == pytest.approx(0.01, rel=1e-3)
    assert proof.psnr_between == pytest.approx(40, abs=0.1)
    assert proof.change_db != 0


@pytest.mark.parametrize("found", [30.5, 31.5, math.nan, -math.inf])
def test_beyond_the_budget_is_an_error_either_way(found: float):
    proof = Proof(("a",), 31.0, found, 40.0, 0.1)
    assert not within(proof, 0.02)
    with pytest.raises(
        ParityError, match=r"ncnn fp16 gives .* PyTorch 31\.000 dB .* 0\.02 dB.*here"
    ):
        check_budget(proof, 0.02, "ncnn fp16", "here")


def test_two_perfect_outputs_are_within_any_budget():
    proof = Proof(("a",), math.inf, math.inf, math.inf, 0.0)
    check_budget(proof, 0.0, "runtime")
    assert proof.change_db == 0
