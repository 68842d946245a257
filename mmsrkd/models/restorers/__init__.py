"""What mmengine trains: mmagic's three-mode models, here with distillation."""

from .distill_edit_model import DistillEditModel
from .student import student_config

__all__ = ["DistillEditModel", "student_config"]
