from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from mmagic.evaluation.metrics.niqe import niqe

from mmsrkd.evaluation import RestorationLPIPS, RestorationNIQE


def picture(seed: int, size: int = 200) -> np.ndarray:
    """A smooth random CxHxW image, BGR."""
    rng = np.random.default_rng(seed)
    waves = rng.normal(size=(3, size, size)).cumsum(1).cumsum(2)
    return (255 * (waves - waves.min()) / np.ptp(waves)).round().astype(np.uint8)


def test_niqe_is_mmagics_on_the_cut_luma() -> None:
    gt, pred = picture(0), picture(1)
    metric = RestorationNIQE(scale=2)
    assert metric.metric == "NIQE_Y"
    found = metric.process_image(gt, pred)
    expected = niqe(pred, crop_border=2, input_order="CHW", convert_to="y")
    assert found == pytest.approx(float(expected), rel=0.02), "mmagic's Y is in float32"
    assert RestorationNIQE(scale=2).process_image(picture(3), pred) == found, "no reference"
    with pytest.raises(ValueError, match="two blocks of 96x96"):
        metric.process_image(gt[:, :96], pred[:, :96])


def test_what_lpips_lacks_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"put torchvision's alexnet-owt-7be5be79\.pth"):
        RestorationLPIPS(backbone_weights=str(tmp_path))
    with pytest.raises(ValueError, match="net must be one of alex, vgg"):
        RestorationLPIPS(net="resnet")


def test_lpips_reads_its_backbone_from_a_file(tmp_path: Path) -> None:
    lpips = pytest.importorskip("lpips", reason="lpips is optional")
    from torchvision.models import alexnet

    torch.manual_seed(0)
    backbone = alexnet(weights=None)
    torch.save(backbone.state_dict(), tmp_path / "alexnet-owt-7be5be79.pth")
    metric = RestorationLPIPS(backbone_weights=str(tmp_path), scale=2)
    assert metric.metric == "LPIPS_alex"
    gt, pred = picture(0, 80), picture(1, 80)
    assert metric.process_image(gt, gt) == pytest.approx(0.0, abs=1e-7)
    found = metric.process_image(gt, pred)

    reference = lpips.LPIPS(net="alex", pnet_rand=True, verbose=False)
    features = backbone.features.state_dict()
    reference.net.load_state_dict(
        {k: features[k.partition(".")[2]] for k in reference.net.state_dict()}
    )
    rgb = [torch.from_numpy(im[::-1, 2:-2, 2:-2].copy()).float()[None] for im in (gt, pred)]
    expected = reference(*(x / 127.5 - 1 for x in rgb)).item()
    assert found == pytest.approx(expected, rel=1e-5)
