"""L1 between the high-frequency parts of two spectra."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mmsrkd.registry import MODELS

from .amplitude import amplitude_spectrum
from .shapes import check_same_shape

MODES = ("amplitude", "complex", "amp_phase")
MASKS = ("hard", "gaussian")
WINDOWS = ("none", "hann")


@MODELS.register_module()
class HighFrequencyLoss(nn.Module):
    """High-pass Fourier L1 (Eq. 3, LGR-Net 2025).

    The paper gives neither the mask nor the normalisation. Here: orthonormal FFT, so that the value
    is on the scale of the spatial L1 whatever the size; a radial mask that keeps frequencies of at
    least ``rho`` times Nyquist and never the mean; the average over N, C and the *kept* bins, so
    that the weight does not depend on ``rho``. The half-spectrum of a real signal is used with the
    weights that make it equal to the full one.

    Note:
        Amplitudes alone are blind to position: circularly shifted features have loss 0. That is the
        paper's choice; ``complex`` and ``amp_phase`` see the shift.

    Args:
        rho: Cut-off as a fraction of the Nyquist frequency, in [0, 1).
        mode: ``amplitude`` (the paper), ``complex`` (L1 of real and imaginary part), ``amp_phase``
            (amplitude plus the wrapped phase difference divided by pi, weighted by the teacher's
            amplitude).
        mask: ``hard`` 0/1, or ``gaussian``: 1 - exp(-r^2 / (2 cut^2)).
        window: ``hann`` fades the borders, whose wrap-around makes axis-aligned high frequencies.
    """

    def __init__(
        self,
        rho: float = 0.25,
        mode: str = "amplitude",
        mask: str = "hard",
        window: str = "none",
    ) -> None:
        super().__init__()
        if not 0 <= rho < 1:
            raise ValueError(
                f"rho must be in [0, 1), a fraction of the Nyquist frequency; got {rho}"
            )
        for name, value, legal in (
            ("mode", mode, MODES),
            ("mask", mask, MASKS),
            ("window", window, WINDOWS),
        ):
            if value not in legal:
                raise ValueError(f"{name}={value!r} is unknown; choose one of {', '.join(legal)}")
        self.rho, self.mode, self.mask, self.window = rho, mode, mask, window
        self._bin_weights: dict[tuple[int, int, torch.device], Tensor] = {}

    def forward(self, student: Tensor, teacher: Tensor) -> Tensor:
        """Compare two spectra; computed in float32 whatever the autocast state.

        Args:
            student: (N, C, H, W), features or an image.
            teacher: The same shape.

        Returns:
            Scalar.
        """
        check_same_shape(student, teacher, "HighFrequencyLoss")
        with torch.autocast(student.device.type, enabled=False):
            distance = self._distance(self._faded(student.float()), self._faded(teacher.float()))
            weights = self.bin_weights(student.shape[-2], student.shape[-1], student.device)
            images, channels = student.shape[:2]
            return (distance * (weights / (images * channels))).sum()

    def bin_weights(self, height: int, width: int, device: torch.device) -> Tensor:
        """Weight of every bin of the half-spectrum, (H, W//2+1), summing to 1; cached."""
        key = (height, width, device)
        if key not in self._bin_weights:
            self._bin_weights[key] = self._make_bin_weights(height, width, device)
        return self._bin_weights[key]

    def _make_bin_weights(self, height: int, width: int, device: torch.device) -> Tensor:
        fy = torch.fft.fftfreq(height, device=device)[:, None]
        fx = torch.fft.rfftfreq(width, device=device)[None, :]
        radius, cut = torch.sqrt(fx**2 + fy**2), self.rho * 0.5
        if self.mask == "hard" or cut == 0:
            keep = (radius >= cut).float()
        else:
            keep = 1 - torch.exp(-(radius**2) / (2 * cut**2))
        keep[0, 0] = 0  # the mean is not a frequency of detail, whatever the cut-off
        columns = torch.full((width // 2 + 1,), 2.0, device=device)
        columns[0] = 1
        if width % 2 == 0:
            columns[-1] = 1  # Nyquist is its own mirror image
        keep = keep * columns
        total = keep.sum()
        if total == 0:
            raise ValueError(
                f"no frequency of a {height}x{width} map is above rho={self.rho} of Nyquist; "
                "lower rho"
            )
        return keep / total

    def _faded(self, x: Tensor) -> Tensor:
        if self.window == "hann":
            rows = torch.hann_window(x.shape[-2], periodic=False, device=x.device)
            columns = torch.hann_window(x.shape[-1], periodic=False, device=x.device)
            x = x * rows[:, None] * columns[None, :]
        # channels-last input would be transposed inside, and its gradient once more
        return x.contiguous()

    def _distance(self, student: Tensor, teacher: Tensor) -> Tensor:
        if self.mode == "amplitude":
            return (amplitude_spectrum(student) - amplitude_spectrum(teacher)).abs()
        s, t = (torch.fft.rfft2(x, norm="ortho") for x in (student, teacher))
        if self.mode == "complex":
            return ((s.real - t.real).abs() + (s.imag - t.imag).abs()) / 2
        phase = torch.angle(s * t.conj()).abs() / torch.pi
        return (s.abs() - t.abs()).abs() + phase * t.abs()
