"""Kernels of motion blur, and blurring with them.

A kernel is the path of a moving point, drawn into pixels by bilinear weights. Those keep the centre
of mass, so a path moved to its own mean gives a kernel that is centred exactly: one that is not
would shift the image and cost PSNR that no network can win back.
"""

from __future__ import annotations

import cmath
import hashlib
import math
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BlurSettings",
    "blur",
    "degrade",
    "draw_chance",
    "draw_kernel",
    "file_rng",
    "linear_path",
    "rasterise",
    "shaken_path",
]

Path2D = NDArray[np.float64]
Kernel = NDArray[np.float64]

_STEPS = 2000
_SHAKES = (0.01, 0.009, 0.008, 0.007, 0.005, 0.003)


@dataclass(frozen=True)
class BlurSettings:
    """Which kernels are drawn.

    Attributes:
        shortest: Least length of a path, in pixels from its first to its last inclusive.
        longest: Greatest length; both are odd, and so are the lengths drawn between them.
        linear_share: Share of straight paths; the others are shaken (`shaken_path`).
        noise_sigma: Upper bound of the noise's standard deviation, in grey values of 0..255; each
            image draws its own below it.

    Raises:
        ValueError: For even or unordered lengths, a share outside 0..1, or negative noise.
    """

    shortest: int = 7
    longest: int = 31
    linear_share: float = 0.5
    noise_sigma: float = 0.0

    def __post_init__(self) -> None:
        odd = self.shortest % 2 == 1 and self.longest % 2 == 1
        if not (odd and 3 <= self.shortest <= self.longest):
            raise ValueError(
                f"motion blur: lengths must be odd, 3 or more and in order, got {self.shortest} to "
                f"{self.longest}"
            )
        if not 0 <= self.linear_share <= 1:
            raise ValueError(
                f"motion blur: linear_share must be from 0 to 1, got {self.linear_share}"
            )
        if self.noise_sigma < 0:
            raise ValueError(
                f"motion blur: noise_sigma must not be negative, got {self.noise_sigma}"
            )


def draw_chance(
    rng: np.random.Generator, settings: BlurSettings, prob: float = 1.0
) -> Kernel | None:
    """Draw whether to blur and, if so, the kernel; the order of draws for sets on disk and others.

    Args:
        rng: What all is drawn from.
        settings: Which kernels.
        prob: How often.
    """
    return draw_kernel(rng, settings) if rng.random() < prob else None


def draw_kernel(rng: np.random.Generator, settings: BlurSettings) -> Kernel:
    """Draw a kernel, (2k+1)x(2k+1), not negative, of sum 1 and centred."""
    length = int(rng.integers(settings.shortest // 2, settings.longest // 2 + 1)) * 2 + 1
    if rng.random() < settings.linear_share:
        return rasterise(linear_path(length, rng.uniform(0, 180)))
    return rasterise(shaken_path(length, rng))


def linear_path(length: float, angle: float) -> Path2D:
    """Points of a straight line.

    Args:
        length: In pixels, both ends counted: ``length`` 3 goes from -1 to 1.
        angle: In degrees, from the x axis towards the y axis, which points down.

    Returns:
        (points, 2), x and y.
    """
    along = np.linspace(-(length - 1) / 2, (length - 1) / 2, _STEPS)
    turn = math.radians(angle)
    return along[:, None] * np.array([math.cos(turn), math.sin(turn)])


def shaken_path(length: float, rng: np.random.Generator) -> Path2D:
    """Points of a camera held by hand: inertia, tremor, a pull back and now and then a jerk.

    The random walk of Boracchi and Foi 2012 as DeblurGAN (CVPR 2018) draws it: constant speed,
    2,000 steps. Unlike there, the whole path is exposed and its length is given, rather than parts
    of a path of 60 pixels; and the kernel is neither stretched to 0..1 nor left off its centre.

    Args:
        length: Of the path, in pixels, both ends counted.
        rng: What it is drawn from.

    Returns:
        (points, 2), x and y.
    """
    step = (length - 1) / (_STEPS - 1)
    nervousness = float(rng.choice(_SHAKES))
    pull, jerk = 0.7 * rng.random(), 0.2 * rng.random() * nervousness
    tremor = 10 * rng.random()
    noise = rng.standard_normal((2, _STEPS)).tolist()
    jerks, turns = rng.random(_STEPS).tolist(), (rng.random(_STEPS) - 0.5).tolist()
    velocity = cmath.rect(step, 2 * math.pi * rng.random())
    place, places = 0j, []
    for index in range(_STEPS):
        places.append(place)
        change = (
            nervousness * step * (tremor * complex(noise[0][index], noise[1][index]) - pull * place)
        )
        if jerks[index] < jerk:
            change += 2 * velocity * cmath.rect(1, math.pi + turns[index])
        velocity += change
        velocity *= step / abs(velocity)
        place += velocity
    path = np.array(places)
    return np.stack([path.real, path.imag], axis=1)


def rasterise(path: Path2D) -> Kernel:
    """Draw a path, moved to its mean, into the smallest odd square that holds it.

    Args:
        path: (points, 2), x and y in pixels; each point counts alike.

    Returns:
        (2k+1)x(2k+1), not negative, of sum 1, with its centre of mass in the middle.
    """
    points = path - path.mean(axis=0)
    radius = max(1, math.ceil(np.abs(points).max() - 1e-9))
    kernel = np.zeros((2 * radius + 1, 2 * radius + 1))
    corner = np.clip(np.floor(points), -radius, radius - 1).astype(int)
    share = points - corner
    for right in (0, 1):
        for down in (0, 1):
            weight = np.abs(1 - right - share[:, 0]) * np.abs(1 - down - share[:, 1])
            rows, columns = corner[:, 1] + down + radius, corner[:, 0] + right + radius
            np.add.at(kernel, (rows, columns), weight)
    return kernel / kernel.sum()


def blur(image: NDArray[np.uint8], kernel: Kernel) -> NDArray[np.uint8]:
    """Convolve every channel with one kernel; the border is reflected without its edge pixel.

    Args:
        image: HxW or HxWxC.
        kernel: Odd square.
    """
    # filter2D correlates; a convolution turns the kernel by half a circle
    turned = np.ascontiguousarray(kernel[::-1, ::-1])
    values = cv2.filter2D(
        image.astype(np.float32), cv2.CV_32F, turned, borderType=cv2.BORDER_REFLECT_101
    )
    return to_eight_bits(values)


def degrade(
    image: NDArray[np.uint8], kernel: Kernel, rng: np.random.Generator, settings: BlurSettings
) -> NDArray[np.uint8]:
    """Blur, and add the noise that ``settings`` ask for, the same in all channels.

    Args:
        image: HxW or HxWxC.
        kernel: Odd square.
        rng: What the noise is drawn from.
        settings: Only ``noise_sigma`` is read.
    """
    blurred = blur(image, kernel)
    if not settings.noise_sigma:
        return blurred
    sigma = rng.uniform(0, settings.noise_sigma)
    noise = sigma * rng.standard_normal(image.shape[:2])
    return to_eight_bits(blurred + noise.reshape(noise.shape + (1,) * (image.ndim - 2)))


def to_eight_bits(values: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Round half up and clip to 0..255."""
    return np.clip(np.floor(values + 0.5), 0, 255).astype(np.uint8)


def file_rng(path: Path, seed: int) -> np.random.Generator:
    """Return a generator of a seed, a file's name and that of its folder: a fixed test set."""
    digest = hashlib.sha256(f"{path.parent.name}/{path.stem}".encode()).digest()
    return np.random.default_rng([seed, int.from_bytes(digest[:8], "big")])
