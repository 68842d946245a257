"""Several trainings in a row, each from the checkpoints of those before."""

from mmsrkd.apis.stages.plan import Stage, needed_for, read_stages
from mmsrkd.apis.stages.record import StageRecord
from mmsrkd.apis.stages.run import plan_table, run_stages, stage_config

__all__ = [
    "Stage",
    "StageRecord",
    "needed_for",
    "plan_table",
    "read_stages",
    "run_stages",
    "stage_config",
]
