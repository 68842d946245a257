"""What mmengine trains: mmagic's three-mode models, here with distillation."""

from .distill_edit_model import DistillEditModel
from .privileged_edit_model import PrivilegedEditModel
from .self_distill_edit_model import SelfDistillEditModel
from .student import student_config

__all__ = ["DistillEditModel", "PrivilegedEditModel", "SelfDistillEditModel", "student_config"]
