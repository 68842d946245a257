from __future__ import annotations

import pytest
from mmengine.config import Config

from mmsrkd.registry import DATASETS, METRICS

FOLDER = "configs/_base_/datasets"


@pytest.fixture
def config(repository, monkeypatch, tmp_path):
    monkeypatch.setenv("MMSRKD_DATA", str(tmp_path))
    return lambda name: Config.fromfile(str(repository / name))


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_benchmarks_have_one_loader_and_evaluator_per_set(config, tmp_path, scale):
    loaded = config(f"{FOLDER}/benchmarks_x{scale}.py")
    names = ["Set5", "Set14", "BSD100", "Urban100", "Manga109"]
    datasets = [loader.dataset for loader in loaded.test_dataloader]
    assert [dataset.name for dataset in datasets] == names
    assert {(dataset.scale, dataset.data_root) for dataset in datasets} == {(scale, str(tmp_path))}
    for name, evaluator in zip(names, loaded.test_evaluator, strict=True):
        metrics = [METRICS.build(metric) for metric in evaluator.metrics]
        keys = {f"{metric.prefix}/{metric.metric}" for metric in metrics}
        assert keys == {f"{name}/{key}" for key in ("PSNR_Y", "SSIM_Y", "PSNR_RGB", "SSIM_RGB")}
        assert {metric.crop_border for metric in metrics} == {scale}


@pytest.mark.parametrize("name", ["train_crops", "div2k_lsdir"])
@pytest.mark.parametrize("scale", [2, 3, 4])
def test_training_sets_differ_in_the_scale_only(config, name, scale):
    first = config(f"{FOLDER}/{name}_x2.py").train_dataloader
    other = config(f"{FOLDER}/{name}_x{scale}.py").train_dataloader
    assert other.dataset.pop("scale") == scale
    first.dataset.pop("scale")
    if name == "train_crops" and scale > 2:  # T91 has images smaller than a patch
        first.dataset.folders.remove("train/T91")
    assert other == first


@pytest.mark.parametrize(("scale", "images"), [(2, 211), (3, 120), (4, 120)])
def test_train_crops_gives_patches_of_every_image(config, data_root, monkeypatch, scale, images):
    monkeypatch.setenv("MMSRKD_DATA", str(data_root))
    dataset = DATASETS.build(config(f"{FOLDER}/train_crops_x{scale}.py").train_dataloader.dataset)
    assert len(dataset) == images
    for index in range(images):
        sample = dataset[index]
        assert sample["inputs"].shape == (3, 32, 32)
        assert sample["data_samples"].gt_img.shape == (3, 32 * scale, 32 * scale)


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_prepared_patches_fit_their_config(config, tmp_path, scale):
    from mmsrkd.datasets.preparation.patches import PatchSettings, prepare_patches
    from tests.test_datasets.conftest import write_image

    source = {"DIV2K/0001": write_image(tmp_path / "0001.png", 260, 256)}
    prepare_patches(source, tmp_path / "train/DIV2K_LSDIR_256", PatchSettings(), workers=0)
    dataset = DATASETS.build(config(f"{FOLDER}/div2k_lsdir_x{scale}.py").train_dataloader.dataset)
    side = 256 // scale
    assert dataset[0]["inputs"].shape == (3, side, side)
    assert dataset[0]["data_samples"].gt_img.shape == (3, side * scale, side * scale)


def test_sample_images_config_finds_what_the_script_writes(config, tmp_path):
    pytest.importorskip("skimage", reason="the sample images are inside scikit-image")
    from mmsrkd.datasets.sample_images import write_sample_images

    write_sample_images(tmp_path / "sample_images")
    loaded = config(f"{FOLDER}/sample_images_x2.py")
    train = DATASETS.build(loaded.train_dataloader.dataset)
    held_out = DATASETS.build(loaded.test_dataloader[0].dataset)
    assert (len(train), len(held_out)) == (11, 3)
    assert train[0]["inputs"].shape == (3, 32, 32)
