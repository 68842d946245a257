from __future__ import annotations

from torch import Tensor, nn

from mmsrkd.registry import MODELS

from .shapes import check_same_shape


@MODELS.register_module()
class AdaptivePixelLoss(nn.Module):
    """L1 to the truth, and to the teacher only where the teacher is the better (Eq. 2, FACD 2023).

    ``1/2N sum_i (2 - a_i) |S_i - GT_i| + a_i |S_i - T_i|`` with the gate a of `TeacherCloser`. The
    norms are means over C, H, W: sums, read literally, would dwarf the paper's weight of the
    contrast. It holds the label term, so set the weight of ``pixel_loss`` to 0.
    """

    def forward(self, student: Tensor, teacher: Tensor, gt: Tensor, gate: Tensor) -> Tensor:
        """Compare the student's images with two others.

        Args:
            student: (N, 3, H, W), RGB in [0, 1].
            teacher: The same shape.
            gt: The same shape.
            gate: (N,), 1 where the sample's teacher is to be trusted, else 0.

        Returns:
            Scalar.
        """
        check_same_shape(student, teacher, "AdaptivePixelLoss")
        check_same_shape(student, gt, "AdaptivePixelLoss, against the truth")
        to_truth = (student - gt).abs().mean(dim=(1, 2, 3))
        to_teacher = (student - teacher).abs().mean(dim=(1, 2, 3))
        return ((2 - gate) * to_truth + gate * to_teacher).mean() / 2
