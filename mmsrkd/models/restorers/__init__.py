"""What mmengine trains: mmagic's three-mode models, here with distillation."""

from .adapt_edit_model import AdaptDistillEditModel, AdaptEditModel, AdaptMixin
from .adapt_multi_task_edit_model import AdaptMultiTaskDistillEditModel, AdaptMultiTaskEditModel
from .distill_edit_model import DistillEditModel
from .multi_task_edit_model import MultiTaskDistillEditModel, MultiTaskEditModel
from .privileged_edit_model import PrivilegedEditModel
from .self_distill_edit_model import SelfDistillEditModel
from .student import student_config

__all__ = [
    "AdaptDistillEditModel",
    "AdaptEditModel",
    "AdaptMixin",
    "AdaptMultiTaskDistillEditModel",
    "AdaptMultiTaskEditModel",
    "DistillEditModel",
    "MultiTaskDistillEditModel",
    "MultiTaskEditModel",
    "PrivilegedEditModel",
    "SelfDistillEditModel",
    "student_config",
]
