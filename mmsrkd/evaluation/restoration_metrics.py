"""PSNR and SSIM as metrics of a run, with the protocol in the name of the result."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmagic.evaluation.metrics.base_sample_wise_metric import BaseSampleWiseMetric
from numpy.typing import NDArray

from mmsrkd.datasets.colour import rgb_to_y
from mmsrkd.evaluation.functional import prepare_image, psnr, ssim
from mmsrkd.registry import METRICS

__all__ = ["RestorationMetric", "RestorationPSNR", "RestorationSSIM"]


class RestorationMetric(BaseSampleWiseMetric):
    """A full-reference metric, averaged over images.

    The result is called ``PSNR_Y``, ``PSNR_RGB``, ``PSNR_grey``, ``SSIM_Y``... under the protocol
    of the literature: output rounded to whole 0..255 values, ``scale`` pixels cut off along each
    edge, Y of BT.601 left unrounded. Whatever differs is added to the name: ``_border0``,
    ``_float``, ``_srcnn``. :attr:`protocol` says it as a sentence, :attr:`per_image` has the single
    values.

    Args:
        scale: SR factor; 1 for restoration without a change of size.
        convert_to: 'Y' measures BT.601 studio-range luma, None the three colour channels together.
            A one-channel image is taken as luma already. Where the HR file has one channel (Set14's
            bridge; ``gt_is_grey`` in the data sample) luma is stretched to that image's own 0..255,
            as in the published tables; programs that do not do so report 0.09 dB more on Set14.
            'grey' is for infrared: the one-channel image that is handed on (three channels joined
            by BT.601 weights, full range, and rounded once) against the file's own values. None
            would measure channels nobody looks at, colour noise included.
        crop_border: pixels left out along each edge; None takes the standard, ``scale`` (0
            for scale 1).
        rounding: 'uint8' rounds and clips the output first, None measures it as it is.
        luma_rounding: 'uint8' also rounds Y, the SRCNN protocol.
        gt_key: where the HR image is in a data sample.
        pred_key: where the output is.
        collect_device: 'cpu' or 'gpu', for distributed runs.
        prefix: name of the test set; comes before the result's name, with a slash.

    Raises:
        ValueError: an unknown conversion or rounding, or a luma rounding without Y.
    """

    def __init__(
        self,
        scale: int = 1,
        convert_to: str | None = "Y",
        crop_border: int | None = None,
        rounding: str | None = "uint8",
        luma_rounding: str | None = None,
        gt_key: str = "gt_img",
        pred_key: str = "pred_img",
        collect_device: str = "cpu",
        prefix: str | None = None,
    ) -> None:
        _check_choice("convert_to", convert_to, ("Y", "grey", None))
        _check_choice("rounding", rounding, ("uint8", None))
        _check_choice("luma_rounding", luma_rounding, ("uint8", None))
        if luma_rounding and convert_to != "Y":
            raise ValueError("luma_rounding needs convert_to='Y', got convert_to=None")
        self.scale = scale
        self.standard_border = scale if scale > 1 else 0
        self.crop_border = self.standard_border if crop_border is None else crop_border
        self.convert_to = convert_to
        self.rounding = rounding
        self.luma_rounding = luma_rounding
        self.metric = f"{self.quantity}_{convert_to or 'RGB'}{self._deviations()}"
        self.per_image: dict[str, float] = {}
        super().__init__(
            gt_key=gt_key, pred_key=pred_key, collect_device=collect_device, prefix=prefix
        )

    quantity: str

    @staticmethod
    @abstractmethod
    def measure(first: NDArray[np.generic], second: NDArray[np.generic], crop_border: int) -> float:
        """The measure itself, of two HxW or HxWxC images with values 0..255."""

    @property
    def protocol(self) -> str:
        """What the number means, in a sentence."""
        colour = "RGB channels together"
        if self.convert_to == "Y":
            luma = "rounded" if self.luma_rounding else "unrounded"
            colour = f"BT.601 studio-range Y ({luma}; greyscale images: their own values)"
        if self.convert_to == "grey":
            colour = "grey (channels joined by full-range BT.601 weights)"
        rounding = "rounded and clipped to 0..255" if self.rounding else "not rounded"
        return (
            f"{self.quantity} on {colour}, output {rounding}, {self.crop_border} pixels cut off "
            "along each edge, range 255, mean over images"
        )

    def process(self, data_batch: Any, data_samples: Sequence[dict[str, Any]]) -> None:
        """Measures a batch; the images of a batch may differ in size."""
        for sample in data_samples:
            gt = _find(sample, self.gt_key)
            prediction = _find(sample["output"], self.pred_key)
            order = str(sample.get(f"{self.gt_key}_output_channel_order", "BGR"))
            grey = bool(sample.get("gt_is_grey", False))
            value = self.process_image(gt, prediction, channel_order=order, grey=grey)
            self.results.append({"name": _name(sample, len(self.results)), self.metric: value})

    def process_image(
        self,
        gt: NDArray[np.generic] | torch.Tensor,
        pred: NDArray[np.generic] | torch.Tensor,
        mask: object = None,
        channel_order: str = "BGR",
        grey: bool = False,
    ) -> float:
        """Measures one pair of CxHxW images, values 0..255.

        Args:
            gt: the HR image.
            pred: the output.
            mask: not used; mmagic's signature.
            channel_order: 'RGB', 'BGR' (what mmagic's data preprocessor hands over) or 'single'.
            grey: the HR image is greyscale, although it has three (equal) channels.
        """
        images = [self._prepare(image, channel_order, grey) for image in (gt, pred)]
        return self.measure(images[0], images[1], self.crop_border)

    def compute_metrics(self, results: list[dict[str, Any]]) -> dict[str, float]:
        """Averages over images and keeps the single values in :attr:`per_image`."""
        self.per_image = {result["name"]: result[self.metric] for result in results}
        return {self.metric: float(np.mean([result[self.metric] for result in results]))}

    def flat_per_image(self) -> dict[str, float]:
        """The values of the last evaluation by flat key, such as ``Set5/baby/PSNR_Y``."""
        start = f"{self.prefix}/" if self.prefix else ""
        return {f"{start}{name}/{self.metric}": value for name, value in self.per_image.items()}

    def evaluate(self, size: int | None = None) -> dict[str, float]:
        """Collects all ranks' results; works under mmagic's evaluator (no size) and mmengine's."""
        if size is not None:
            self.size = size
        return super().evaluate()

    def _prepare(
        self, image: NDArray[np.generic] | torch.Tensor, channel_order: str, grey: bool
    ) -> NDArray[np.float64]:
        array = image.detach().cpu().numpy() if isinstance(image, torch.Tensor) else image
        if self.convert_to == "grey":
            return _grey(array.transpose(1, 2, 0), channel_order, self.rounding)
        values = prepare_image(array.transpose(1, 2, 0), self.rounding)
        if self.convert_to != "Y":
            return values
        if values.shape[2] == 1:
            return prepare_image(values[..., 0], self.luma_rounding)
        return prepare_image(rgb_to_y(values, channel_order, full_range=grey), self.luma_rounding)

    def _deviations(self) -> str:
        border = "" if self.crop_border == self.standard_border else f"_border{self.crop_border}"
        rounding = "" if self.rounding else "_float"
        return border + rounding + ("_srcnn" if self.luma_rounding else "")


@METRICS.register_module()
class RestorationPSNR(RestorationMetric):
    """Peak signal-to-noise ratio in dB (see :class:`RestorationMetric`)."""

    quantity = "PSNR"
    measure = staticmethod(psnr)


@METRICS.register_module()
class RestorationSSIM(RestorationMetric):
    """Gaussian 11x11 structural similarity (see :class:`RestorationMetric`)."""

    quantity = "SSIM"
    measure = staticmethod(ssim)


def _check_choice(name: str, value: str | None, choices: tuple[str | None, ...]) -> None:
    if value not in choices:
        raise ValueError(f"{name} must be one of {choices}, got {value!r}")


def _grey(
    image: NDArray[np.generic], channel_order: str, rounding: str | None
) -> NDArray[np.float64]:
    """One channel, rounded once it is one."""
    if image.shape[2] == 1:
        return prepare_image(image[..., 0], rounding)
    return prepare_image(rgb_to_y(image, channel_order, full_range=True), rounding)


def _find(sample: dict[str, Any], key: str) -> NDArray[np.generic] | torch.Tensor:
    if key not in sample:
        raise KeyError(
            f"{key} is not in the data sample, which has {sorted(sample)}; pack it first"
        )
    return sample[key]


def _name(sample: dict[str, Any], number: int) -> str:
    """Name of the image: the file's, without suffix, or else its number."""
    path = sample.get("gt_path") or sample.get("img_path")
    return Path(str(path)).stem if path else f"image{number}"
