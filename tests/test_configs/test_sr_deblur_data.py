"""The data of the SR-deblur paper's configs, in the layout they say, from disk to figures."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.dataset import pseudo_collate

from mmsrkd.apis.test import test as measure
from mmsrkd.datasets.draws import Draw
from mmsrkd.registry import DATASETS, MODELS
from tests.test_datasets.conftest import write_image

pytestmark = pytest.mark.usefixtures("scope")
TINY = {"channels": 4, "num_blocks": 1, "sr_channels": 8, "sr_blocks": 1}
HR = (520, 528)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One training and one test image of every set; infrared ones are grey."""
    folder = tmp_path_factory.mktemp("data")
    for kind, seed in (("sharp", 0), ("blur", 1)):
        write_image(folder / f"deblur/GoPro/train/{kind}/S/1.png", 136, 140, seed)
        write_image(folder / f"deblur/GoPro/test/{kind}/S/1.png", 32, 40, seed)
        write_image(folder / f"deblur/VGTDB/test/{kind}/1.png", 30, 38, seed)
    for name, stem in (("DIV2K/DIV2K_train", "0001"), ("Flickr2K/Flickr2K", "000001")):
        write_image(folder / f"{name}_HR/{stem}.png", *HR, 2)
        low = folder / f"{name}_LR_bicubic/X4/{stem}x4.png"
        write_image(low, HR[0] // 4, HR[1] // 4, 3)
    write_image(folder / "deblur/VGTDB/train/sharp/1.png", *HR, 4)
    for name in ("Urban100", "VGTSR"):
        write_image(folder / f"sr/{name}/HR/1.png", 48, 56, 5)
    return folder


@pytest.fixture(autouse=True)
def _at_root(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MMSRKD_DATA", str(root))


def config(repository: Path, name: str) -> Config:
    found = Config.fromfile(repository / f"configs/sr_deblur/sr-deblur_{name}_x4.py")
    found.model.generator.update(TINY)
    return found


@pytest.mark.parametrize("name", ["single-phase", "continued", "dann", "dann-finetuned"])
def test_a_batch_has_a_loss_for_every_task(repository: Path, name: str) -> None:
    """GoPro's pairs have the truth of deblurring alone, DF2K's images that of both tasks."""
    torch.manual_seed(0)
    chosen = config(repository, name)
    pairs = DATASETS.build(chosen.train_dataloader.dataset)
    samples = [pairs[Draw(i % len(pairs), i, 0)] for i in range(len(pairs))]
    truths = {str(s["data_samples"].metainfo["has_gt"]) for s in samples}
    assert truths == {"deblur", "True"}
    model = MODELS.build(chosen.model)
    if name.startswith("dann"):
        model.domain.reversal.set(0.05)
    batch = model.data_preprocessor(pseudo_collate(samples), training=True)
    losses = model(**batch, mode="loss")
    named = {key for key in losses if key.startswith("loss_")}
    expected = {"loss_deblur", "loss_sr"}
    if name.startswith("dann"):
        expected.add("loss_domain")
    if name == "dann-finetuned":
        expected |= {"loss_deblur_target", "loss_sr_target"}
    assert named == expected
    assert all(losses[key] > 0 for key in named)


def test_one_run_measures_both_tasks_and_both_spectra(repository: Path, tmp_path: Path) -> None:
    chosen = config(repository, "phase2")
    chosen.work_dir = str(tmp_path)
    network = MODELS.build(dict(chosen.model.generator))
    torch.save(network.state_dict(), tmp_path / "network.pth")
    found = measure(chosen, str(tmp_path / "network.pth"))
    assert found["missing_sets"] == []
    assert {
        key
        for key, value in found.items()
        if key.count("/") == 1 and "PSNR" in key and isinstance(value, float)
    } == {
        *("Urban100/PSNR_Y", "Urban100_blurred/PSNR_Y", "GoPro_x4/PSNR_Y"),
        *("GoPro/PSNR_RGB", "VGTSR/PSNR_grey", "VGTDB/PSNR_grey"),
    }
    assert found["Urban100/PSNR_Y"] != found["Urban100_blurred/PSNR_Y"]  # one set, blurred or not
    assert "4 pixels cut off" in found["protocol/VGTSR/PSNR_grey"]
    assert "0 pixels cut off" in found["protocol/VGTDB/PSNR_grey"]
