from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mmsrkd.datasets.resize import matlab_resize, modcrop

SIDES = st.integers(1, 24)


def random_image(height: int, width: int, dtype: type = np.uint8) -> np.ndarray:
    rng = np.random.default_rng(height * 1000 + width)
    return (rng.random((height, width, 3)) * 255).astype(dtype)


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_published_set5_lr_is_reproduced(data_root, scale):
    folder = data_root / "sr" / "Set5"
    files = sorted((folder / "HR").glob("*.png"))
    assert len(files) == 5
    for file in files:
        hr = cv2.imread(str(file))
        lr = cv2.imread(str(folder / f"LR_bicubic/X{scale}/{file.stem}x{scale}.png"))
        made = matlab_resize(modcrop(hr, scale), scale=1 / scale)
        assert np.count_nonzero(made != lr) == 0, file.name


@given(arrays(np.uint8, st.tuples(SIDES, SIDES)))
def test_scale_one_is_identity(image):
    assert np.array_equal(matlab_resize(image, scale=1), image)


@given(st.integers(0, 255), SIDES, SIDES, st.sampled_from([0.25, 1 / 3, 0.5, 2, 3, 4]))
def test_constant_stays_constant(value, height, width, scale):
    image = np.full((height, width), value, np.uint8)
    assert (matlab_resize(image, scale=scale) == value).all()
    real = matlab_resize(image.astype(np.float64), scale=scale)
    assert np.allclose(real, value, atol=1e-9)


@settings(max_examples=40)
@given(st.integers(2, 20), st.integers(2, 20), st.sampled_from([0.5, 1 / 3, 2, 3]))
def test_mirrored_and_transposed_input_gives_mirrored_and_transposed_output(height, width, scale):
    image = random_image(height, width, np.float64)
    if scale < 1:  # otherwise the output grid does not sit symmetrically on the input
        image = modcrop(image, round(1 / scale))
        if 0 in image.shape:
            return
    result = matlab_resize(image, scale=scale)
    assert np.allclose(matlab_resize(image[::-1, ::-1], scale=scale)[::-1, ::-1], result)
    swapped = matlab_resize(image.transpose(1, 0, 2), scale=scale).transpose(1, 0, 2)
    assert np.allclose(swapped, result)


@given(st.integers(1, 4000), st.sampled_from([2, 3, 4]))
def test_multiples_of_the_scale_shrink_to_the_exact_length(length, scale):
    image = np.zeros((length * scale, 1), np.float32)
    assert matlab_resize(image, scale=1 / scale).shape[0] == length


def test_unequal_scales_start_with_the_smaller_one():
    image = random_image(12, 8)
    columns_first = matlab_resize(matlab_resize(image, size=(12, 4)), size=(24, 4))
    assert np.array_equal(matlab_resize(image, size=(24, 4)), columns_first)


def test_doubling_a_step_uses_keys_weights():
    # Keys' kernel at the distances .25 .75 1.25 1.75 is (111, 29, -9, -3) / 128.
    step = np.array([0, 0, 0, 128, 128, 128], np.float64)[:, None]
    result = matlab_resize(step, size=(12, 1))[:, 0]
    assert result[3:9].tolist() == [-3.0, -9.0, 26.0, 102.0, 137.0, 131.0]


def test_types_and_writable_copies():
    image = random_image(6, 6)
    assert matlab_resize(image, scale=2).dtype == np.uint8
    assert matlab_resize(image.astype(np.float32), scale=2).dtype == np.float32
    assert matlab_resize(image, scale=1).flags.writeable


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({}, ValueError, "either scale or size"),
        ({"scale": 2, "size": (4, 4)}, ValueError, "either scale or size"),
        ({"scale": 0}, ValueError, "got 0"),
        ({"scale": float("nan")}, ValueError, "nan"),
        ({"size": (0, 4)}, ValueError, r"\(0, 4\)"),
    ],
)
def test_bad_targets(arguments, error, words):
    with pytest.raises(error, match=words):
        matlab_resize(random_image(4, 4), **arguments)


def test_bad_images():
    with pytest.raises(TypeError, match="int64"):
        matlab_resize(np.zeros((4, 4), np.int64), scale=2)
    with pytest.raises(ValueError, match="non-empty"):
        matlab_resize(np.zeros((0, 4), np.uint8), scale=2)
    with pytest.raises(ValueError, match="integer SR factor"):
        modcrop(random_image(4, 4), 0)
