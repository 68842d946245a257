from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from mmagic.evaluation import Evaluator
from mmagic.structures import DataSample
from mmengine.evaluator import Evaluator as PlainEvaluator

from mmsrkd.evaluation import RestorationPSNR, RestorationSSIM, psnr


def sample(gt: torch.Tensor, output: torch.Tensor, name: str = "a", **meta: object) -> DataSample:
    data = DataSample(gt_img=gt, metainfo={"gt_path": f"/x/{name}.png", **meta})
    data.output = DataSample(pred_img=output)
    return data


def noise(height: int, width: int, channels: int = 3, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(channels, height, width, generator=generator) * 255


def value(metric, *samples: DataSample) -> float:
    metric.process(None, [one.to_dict() for one in samples])
    return metric.evaluate(len(samples))[metric.metric]


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"scale": 2}, "Y"),
        ({"scale": 2, "convert_to": None}, "RGB"),
        ({"scale": 2, "crop_border": 2}, "Y"),
        ({"scale": 1}, "Y"),
        ({"crop_border": 4}, "Y_border4"),
        ({"scale": 3, "crop_border": 0}, "Y_border0"),
        ({"scale": 3, "rounding": None}, "Y_float"),
        ({"scale": 2, "luma_rounding": "uint8"}, "Y_srcnn"),
        ({"scale": 2, "crop_border": 0, "convert_to": None, "rounding": None}, "RGB_border0_float"),
    ],
)
def test_the_name_spells_every_deviation(arguments, name):
    assert RestorationPSNR(**arguments).metric == f"PSNR_{name}"
    assert RestorationSSIM(**arguments).metric == f"SSIM_{name}"


def test_protocol_in_words():
    protocol = RestorationPSNR(scale=3).protocol
    for part in ("PSNR", "BT.601", "unrounded", "3 pixels", "rounded and clipped"):
        assert part in protocol


@pytest.mark.parametrize(("order", "weight"), [("BGR", 65.481), ("RGB", 24.966)])
def test_luma_knows_red_from_blue(order, weight):
    # The last channel is red in BGR and blue in RGB; an error of 10 there shows its luma weight.
    gt = torch.full((3, 8, 8), 100.0)
    output = gt.clone()
    output[2] += 10
    meta = {"gt_img_output_channel_order": order}
    result = value(RestorationPSNR(scale=1), sample(gt, output, **meta))
    assert result == pytest.approx(20 * math.log10(255 / (10 * weight / 255)))


def test_mmagic_hands_over_bgr():
    gt = torch.full((3, 8, 8), 100.0)
    output = gt.clone()
    output[2] += 10  # red
    result = value(RestorationPSNR(scale=1), sample(gt, output))
    assert result == pytest.approx(20 * math.log10(255 / (10 * 65.481 / 255)))


def test_border_and_rounding():
    gt, output = noise(20, 24).round(), noise(20, 24, seed=1)
    rgb = RestorationPSNR(scale=4, convert_to=None)
    expected = psnr(
        gt[:, 4:-4, 4:-4].permute(1, 2, 0).numpy(),
        np.floor(output[:, 4:-4, 4:-4].permute(1, 2, 0).numpy().astype(float) + 0.5),
    )
    assert value(rgb, sample(gt, output)) == pytest.approx(expected)
    barely = gt + 0.4
    assert value(RestorationPSNR(scale=1), sample(gt, barely)) == float("inf")
    assert value(RestorationPSNR(scale=1, rounding=None), sample(gt, barely)) < 60


def test_grey_files_are_measured_in_their_own_range():
    gt, output = noise(20, 20, 1).round(), noise(20, 20, 1, seed=1).round()
    single = value(RestorationPSNR(scale=2), sample(gt, output))
    three = sample(gt.repeat(3, 1, 1), output.repeat(3, 1, 1), gt_is_grey=True)
    assert value(RestorationPSNR(scale=2), three) == pytest.approx(single)
    three.set_metainfo({"gt_is_grey": False})
    studio = value(RestorationPSNR(scale=2), three)
    assert studio - single == pytest.approx(20 * math.log10(255 / 219))


@pytest.mark.parametrize("evaluator", [Evaluator, PlainEvaluator])
def test_under_both_evaluators_with_images_of_different_size(evaluator):
    metrics = [
        RestorationPSNR(scale=2, prefix="Set5"),
        RestorationSSIM(scale=2, convert_to=None, prefix="Set5"),
    ]
    samples = [
        sample(noise(20, 24), noise(20, 24, seed=1), "baby"),
        sample(noise(31, 17), noise(31, 17, seed=2), "bird"),
    ]
    runner = evaluator(metrics)
    for one in samples:
        if evaluator is Evaluator:
            runner.process([one], None, metrics)
        else:
            runner.process([one], None)
    if evaluator is Evaluator:
        for metric in metrics:
            metric.size = len(samples)
        result = runner.evaluate()
    else:
        result = runner.evaluate(len(samples))
    assert set(result) == {"Set5/PSNR_Y", "Set5/SSIM_RGB"}
    singles = metrics[0].flat_per_image()
    assert list(singles) == ["Set5/baby/PSNR_Y", "Set5/bird/PSNR_Y"]
    assert result["Set5/PSNR_Y"] == pytest.approx(np.mean(list(singles.values())))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"convert_to": "y"}, "convert_to"),
        ({"rounding": "int"}, "rounding"),
        ({"convert_to": None, "luma_rounding": "uint8"}, "needs convert_to='Y'"),
    ],
)
def test_bad_settings(arguments, words):
    with pytest.raises(ValueError, match=words):
        RestorationPSNR(**arguments)


def test_missing_output_is_named():
    broken = sample(noise(8, 8), noise(8, 8)).to_dict()
    del broken["gt_img"]
    with pytest.raises(KeyError, match="gt_img is not in the data sample"):
        RestorationPSNR().process(None, [broken])
