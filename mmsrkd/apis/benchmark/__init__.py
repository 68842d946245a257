"""What distillation costs on top of training the student and running its teacher."""

from mmsrkd.apis.benchmark.cases import CASES, Case, prepare
from mmsrkd.apis.benchmark.memory import contrast_memory
from mmsrkd.apis.benchmark.timing import StepTimes, time_steps

__all__ = ["CASES", "Case", "StepTimes", "contrast_memory", "prepare", "time_steps"]
