"""Upscale pictures with a published student."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from mmsrkd import registry  # noqa: F401 - the networks are found through it
from mmsrkd.apis.tiling import receptive_radius, split, tiled_forward
from mmsrkd.checkpoints.students import build_published
from mmsrkd.datasets.folders import IMAGE_SUFFIXES, list_images
from mmsrkd.models.networks import Bicubic

__all__ = ["Job", "Upscaler", "committed_student", "plan"]

_REPOSITORY = Path(__file__).resolve().parents[2]
_PREFERRED = "lgrnet_x2"
_LUMA = (0.299, 0.587, 0.114)


def committed_student(folder: Path | None = None) -> Path:
    """Return the student that comes with the project.

    Args:
        folder: Where to look; ``weights/`` of the working directory or of the checkout by default.

    Raises:
        FileNotFoundError: There is none.
        ValueError: There are several and none is the obvious one.
    """
    places = [folder] if folder else [Path("weights"), _REPOSITORY / "weights"]
    found = next((f for place in places if (f := sorted(place.glob("*.safetensors")))), [])
    if len(found) > 1:
        found = [path for path in found if path.name.startswith(_PREFERRED)] or found
    if not found:
        raise FileNotFoundError(
            f"no student in {places[0]}/ (*.safetensors); publish one with "
            "tools/publish_student.py, or name a file with --weights"
        )
    if len(found) > 1:
        names = ", ".join(path.name for path in found)
        raise ValueError(
            f"{len(found)} students in {found[0].parent}/: {names}; choose with --weights"
        )
    return found[0]


class Upscaler:
    """A network that takes pictures instead of tensors.

    Colour goes through the network, alpha through MATLAB's bicubic; a grey picture is shown to the
    network as three equal channels, and stays grey. Pictures larger than a tile are cut into tiles
    that overlap by as much as the network sees, so nothing shows where they meet.

    Args:
        network: RGB [0, 1] -> RGB [0, 1], any size; it is put into evaluation mode.
        scale: Its factor; ``network.scale`` by default.
        tile: Side of a tile in LR pixels, the overlap not counted; 0 for none. It becomes a
            multiple of the network's ``size_divisor``, the side of the cells in which it works.

    Raises:
        ValueError: The network cannot be tiled.
    """

    def __init__(self, network: nn.Module, *, scale: int | None = None, tile: int = 256) -> None:
        if tile < 0:
            raise ValueError(f"--tile must be 0 (whole image) or a number of pixels, got {tile}")
        self.network = network.eval()
        self.scale = int(getattr(network, "scale", 0) if scale is None else scale)
        cell = int(getattr(network, "size_divisor", 1))
        self.tile = _whole_cells(tile, cell)
        # the radius is that of a cell's first pixel, and the last one sees as far back as it
        self.margin = _whole_cells(receptive_radius(network) + cell - 1, cell) if tile else 0
        self._bicubic = Bicubic(self.scale)

    @classmethod
    def from_file(cls, weights: Path, *, tile: int = 256, form: str | None = None) -> Upscaler:
        """Load a published network, on the GPU if there is one.

        Args:
            weights: The file.
            tile: As above.
            form: Which image of a network that has several, such as `SRDeblurNet`; ``sr`` if
                nothing is said.

        Raises:
            ValueError: A form is asked of a network that has none.
        """
        device = "cuda" if torch.cuda.is_available() else "cpu"
        network = build_published(weights)
        if hasattr(network, "form"):
            network.form = form or "sr"  # type: ignore[assignment]
        elif form is not None:
            raise ValueError(
                f"{weights} holds {type(network).__name__}, which makes one image: leave out "
                f"--form {form}"
            )
        # in NHWC a 1280x720 picture takes 1.2 s instead of 2.0 (LGR-Net base x2, two CPU threads)
        layout = torch.channels_last
        return cls(network.to(device, memory_format=layout), tile=tile)  # type: ignore[call-overload]

    def plain(self) -> Upscaler:
        """What enlarges by as much without a network: MATLAB's bicubic, in the same tiles."""
        return Upscaler(self._bicubic, scale=self.scale, tile=self.tile)

    def tiles(self, height: int, width: int) -> int:
        """Number of tiles of a picture."""
        return len(split(height, width, self.tile, self.margin))

    def __call__(
        self, image: NDArray[Any], on_tile: Callable[[], None] | None = None
    ) -> NDArray[Any]:
        """Upscale one picture.

        Args:
            image: HxW, HxWx3 (RGB) or HxWx4 (RGBA), uint8 or uint16.
            on_tile: Called after each tile.

        Returns:
            The same kind of array, ``scale`` times as high and wide.
        """
        peak = float(np.iinfo(image.dtype).max)
        colour = image if image.ndim == 2 else image[..., :3]
        planes = torch.from_numpy(np.atleast_3d(colour).astype(np.float32) / peak)
        pixels = planes.permute(2, 0, 1)[None].expand(1, 3, -1, -1)
        out = tiled_forward(
            self.network,
            pixels.contiguous(),
            self.scale,
            tile=self.tile,
            margin=self.margin,
            keep=lambda tensor: _to_integers(tensor, peak, grey=image.ndim == 2),
            on_tile=on_tile,
        )
        result = out[0].permute(1, 2, 0).numpy().astype(image.dtype)
        if image.ndim == 2:
            return result[..., 0]
        if image.shape[2] == 4:
            return np.dstack([result, self._alpha(image[..., 3], peak)])
        return result

    def _alpha(self, alpha: NDArray[Any], peak: float) -> NDArray[Any]:
        values = torch.from_numpy(alpha.astype(np.float32) / peak)[None, None]
        return _to_integers(self._bicubic(values), peak)[0, 0].numpy().astype(alpha.dtype)


def _whole_cells(pixels: int, cell: int) -> int:
    return -(-pixels // cell) * cell


def _to_integers(image: Tensor, peak: float, grey: bool = False) -> Tensor:
    image = image.clamp(0, 1)
    if grey:
        luma = torch.tensor(_LUMA, device=image.device).view(1, 3, 1, 1)
        image = (image * luma).sum(dim=1, keepdim=True)
    values = (image * peak + 0.5).floor()
    return values.to(torch.uint8 if peak == 255 else torch.int32)


@dataclass(frozen=True)
class Job:
    """One picture to read and the file to write, and one that compares, if it is asked for."""

    source: Path
    target: Path
    comparison: Path | None = None


def plan(
    inputs: Sequence[Path], out: Path, scale: int, *, force: bool = False, compare: bool = False
) -> list[Job]:
    """Say what will be read and written, before anything is.

    Args:
        inputs: Pictures and folders of pictures.
        out: Folder for ``<name>_x<scale>.png``.
        scale: Factor.
        force: Existing files may be replaced.
        compare: A picture that compares is written as well, ``<name>_x<scale>_compare.png``.

    Raises:
        FileNotFoundError: An input does not exist, or a folder holds no picture.
        FileExistsError: A file would be replaced.
        ValueError: An input is no picture, or two would be written to one file.
    """
    jobs: dict[Path, Job] = {}
    for source in (path for item in inputs for path in _pictures(item)):
        target = out / f"{source.stem}_x{scale}.png"
        if target in jobs and jobs[target].source != source:
            raise ValueError(
                f"{jobs[target].source} and {source} would both become {target}; rename one"
            )
        comparison = target.with_stem(f"{target.stem}_compare") if compare else None
        for file in filter(None, (target, comparison)):
            if file.exists() and not force:
                raise FileExistsError(f"{file} exists; choose another folder or add --force")
        jobs[target] = Job(source, target, comparison)
    return list(jobs.values())


def _pictures(item: Path) -> list[Path]:
    if item.is_dir():
        found = list_images(item)
        if not found:
            raise FileNotFoundError(
                f"no picture in folder {item} ({', '.join(sorted(IMAGE_SUFFIXES))})"
            )
        return found
    if not item.exists():
        raise FileNotFoundError(f"no such image or folder: {item}; check the name")
    if item.suffix.lower() not in IMAGE_SUFFIXES:
        raise ValueError(f"{item} is not a picture; use {', '.join(sorted(IMAGE_SUFFIXES))}")
    return [item]
