"""Several trainings in a row, each from the checkpoints of those before."""

from mmsrkd.apis.stages.plan import Stage, read_stages
from mmsrkd.apis.stages.record import StageRecord
from mmsrkd.apis.stages.run import plan_table, run_stages

__all__ = ["Stage", "StageRecord", "plan_table", "read_stages", "run_stages"]
