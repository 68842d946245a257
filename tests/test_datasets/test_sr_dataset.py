from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import pytest
import torch
from mmengine.dataset import ConcatDataset, RepeatDataset
from torch.utils.data import DataLoader

from mmsrkd.datasets import GeneratedSRDataset, PairedSRDataset, ResumableInfiniteSampler
from mmsrkd.datasets.errors import BrokenImageError, MissingDataError, SizeMismatchError
from mmsrkd.datasets.resize import matlab_resize
from tests.test_datasets.conftest import write_image

AUGMENT = [
    {"type": "PairedPatchCrop", "lr_patch": 8},
    {"type": "Flip", "keys": ["img", "gt"], "direction": "horizontal"},
    {"type": "Flip", "keys": ["img", "gt"], "direction": "vertical"},
    {"type": "RandomTransposeHW", "keys": ["img", "gt"]},
    {"type": "PackInputs"},
]
GENERATE = [
    {"type": "LoadCheckedImage", "key": "gt", "cache_mb": 1},
    {"type": "GenerateLR", "cache_mb": 1},
    *AUGMENT,
]
PAIRED = [
    {"type": "LoadCheckedImage", "key": "gt"},
    {"type": "LoadCheckedImage", "key": "img"},
    {"type": "ModCrop", "key": "gt"},
    *AUGMENT,
]


def generated(root: Path, **arguments: object) -> GeneratedSRDataset:
    settings = {"data_root": str(root), "folders": "hr", "scale": 2, "pipeline": GENERATE}
    return GeneratedSRDataset(**(settings | arguments))


def make_lr(root: Path) -> None:
    import cv2

    from mmsrkd.datasets.resize import modcrop

    (root / "lr" / "X2").mkdir(parents=True)
    for path in (root / "hr").glob("*.png"):
        lr = matlab_resize(modcrop(cv2.imread(str(path)), 2), scale=1 / 2)
        cv2.imwrite(str(root / "lr" / "X2" / f"{path.stem}x2.png"), lr)


def paired(root: Path, **arguments: object) -> PairedSRDataset:
    settings = {
        "data_root": str(root),
        "gt_folder": "hr",
        "img_folder": "lr/X{scale}",
        "img_name": "{name}x{scale}",
        "scale": 2,
        "pipeline": PAIRED,
    }
    return PairedSRDataset(**(settings | arguments))


def stream(dataset, workers: int, count: int, skip: int = 0) -> list[torch.Tensor]:
    """Tensors of ``count`` batches of 3, started after ``skip`` batches."""
    sampler = ResumableInfiniteSampler(dataset, seed=11)
    sampler.skip(skip * 3)
    loader = DataLoader(
        dataset, batch_size=3, sampler=sampler, num_workers=workers, collate_fn=list
    )
    batches = []
    for batch in itertools.islice(loader, count):
        batches += [
            torch.cat([s["inputs"].flatten(), s["data_samples"].gt_img.flatten()]) for s in batch
        ]
    return batches


def test_batches_do_not_depend_on_workers_wrappers_or_interruptions(hr_folder):
    shutil.copytree(hr_folder / "hr", hr_folder / "more")
    both = generated(hr_folder, folders=["hr", "more"])
    expected = stream(both, workers=0, count=6)
    assert len(both) == 10
    assert not all(torch.equal(expected[0], other) for other in expected[1:])
    concat = ConcatDataset([generated(hr_folder), generated(hr_folder, folders="more")])
    for dataset, workers in ((both, 1), (both, 2), (concat, 0), (RepeatDataset(both, 1), 2)):
        result = stream(dataset, workers, count=6)
        assert all(torch.equal(a, b) for a, b in zip(result, expected, strict=True))
    resumed = stream(both, workers=2, count=2, skip=4)
    assert all(torch.equal(a, b) for a, b in zip(resumed, expected[12:], strict=True))


def test_samples_leave_the_surrounding_randomness_alone(hr_folder):
    torch.manual_seed(0)
    expected = torch.rand(2)
    torch.manual_seed(0)
    stream_samples(generated(hr_folder), 4)
    assert torch.equal(torch.rand(2), expected)


def test_augmentation_keeps_lr_and_hr_aligned(hr_folder):
    # Block averages of HR track LR closely only if both went through the same flips.
    for sample in stream_samples(generated(hr_folder), 20):
        lr = sample["inputs"].float()
        hr = sample["data_samples"].gt_img.float()
        assert lr.shape == (3, 8, 8)
        assert hr.shape == (3, 16, 16)
        assert (torch.nn.functional.avg_pool2d(hr, 2) - lr).abs().mean() < 4


def stream_samples(dataset, count: int) -> list[dict]:
    sampler = ResumableInfiniteSampler(dataset, seed=1)
    return [dataset[draw] for draw in itertools.islice(sampler, count)]


def test_paired_and_generated_give_the_same_samples(hr_folder):
    make_lr(hr_folder)
    for ours, theirs in zip(
        stream(paired(hr_folder), 0, 3), stream(generated(hr_folder), 0, 3), strict=True
    ):
        assert torch.equal(ours, theirs)


@pytest.mark.parametrize("made_empty", [False, True])
def test_missing_or_empty_folder_is_named(tmp_path, made_empty):
    if made_empty:
        (tmp_path / "hr").mkdir()
    with pytest.raises(MissingDataError) as caught:
        generated(tmp_path, prepared_by="tools/make_it.py")
    message = str(caught.value)
    assert "\n" not in message
    for part in (str(tmp_path / "hr"), "folders='hr'", "$MMSRKD_DATA", "tools/make_it.py"):
        assert part in message
    assert ("holds no image" if made_empty else "does not exist") in message


def test_missing_partner_is_named(hr_folder):
    make_lr(hr_folder)
    (hr_folder / "lr/X2/im3x2.png").unlink()
    with pytest.raises(MissingDataError, match=r"1 of 5 HR images .*im3\.png: no im3x2\.\* in"):
        paired(hr_folder)


def test_size_mismatch_names_both_files_sizes_and_scale(hr_folder):
    make_lr(hr_folder)
    write_image(hr_folder / "lr/X2/im3x2.png", 25, 24)
    with pytest.raises(SizeMismatchError) as caught:
        paired(hr_folder)[3]
    for part in ("im3x2.png", "im3.png", "25x24", "50x50", "x2 needs 50x48"):
        assert part in str(caught.value)


def break_image(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def test_broken_image_is_named(hr_folder):
    break_image(hr_folder / "hr/im1.png")
    with pytest.raises(BrokenImageError, match=r"im1\.png: .*skip_broken=True"):
        generated(hr_folder)[1]


def test_skip_broken_goes_on_and_logs_each_file_once(hr_folder, caplog, monkeypatch):
    logged = []
    monkeypatch.setattr(
        "mmsrkd.datasets.sr_dataset.print_log", lambda text, **_: logged.append(text)
    )
    break_image(hr_folder / "hr/im1.png")
    dataset = generated(hr_folder, skip_broken=True)
    first = stream(dataset, 0, 5)
    assert [str(hr_folder / "hr/im1.png") in text for text in logged] == [True]
    assert all(torch.equal(a, b) for a, b in zip(first, stream(dataset, 2, 5), strict=True))
    for path in (hr_folder / "hr").glob("*.png"):
        if path.stem != "im1":
            break_image(path)
    with pytest.raises(BrokenImageError, match="none of the 5 images"):
        generated(hr_folder, skip_broken=True)[0]


def test_impossible_settings(hr_folder):
    with pytest.raises(ValueError, match="skip_broken"):
        generated(hr_folder, skip_broken=True, test_mode=True)
    with pytest.raises(ValueError, match="scale"):
        generated(hr_folder, scale=0)
    with pytest.raises(TypeError, match="skip_brokn"):
        generated(hr_folder, skip_brokn=True)
    for none in (0, []):
        with pytest.raises(ValueError, match=r"indices=.* leaves no image; leave it out"):
            generated(hr_folder, indices=none)
    with pytest.raises(IndexError, match="index 5 is outside"):
        generated(hr_folder)[5]


def test_the_usual_pipeline_is_what_a_config_would_spell_out(hr_folder):
    make_lr(hr_folder)
    for make in (generated, paired):
        spelt = stream(make(hr_folder), 0, 2)
        usual = stream(make(hr_folder, pipeline=None, lr_patch=8, cache_mb=1), 0, 2)
        assert all(torch.equal(a, b) for a, b in zip(spelt, usual, strict=True))
    with pytest.raises(ValueError, match="give a pipeline, or lr_patch"):
        generated(hr_folder, pipeline=None)
    with pytest.raises(ValueError, match="belong to the usual pipeline"):
        generated(hr_folder, lr_patch=8)


def test_several_pairs_of_folders_follow_one_another(hr_folder):
    make_lr(hr_folder)
    both = paired(hr_folder, gt_folder=["hr", "hr"], img_folder=["lr/X{scale}"] * 2)
    assert len(both) == 2 * len(paired(hr_folder))
    with pytest.raises(ValueError, match="2 gt_folder but 1 img_folder"):
        paired(hr_folder, gt_folder=["hr", "hr"])
