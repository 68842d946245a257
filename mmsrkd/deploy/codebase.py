from __future__ import annotations

from mmdeploy.codebase.base import CODEBASE, MMCodebase
from mmengine.registry import Registry

#: Task processors of this codebase, looked up by mmdeploy's name of the task.
MMSRKD_TASK = Registry("mmsrkd_tasks")


@CODEBASE.register_module("mmsrkd")
class MMSRKD(MMCodebase):
    """The mmdeploy codebase ``mmsrkd``.

    mmagic's own codebase is not reused: it forces the default scope to ``mmagic``, where no network
    of this package is known, and imports every editor of mmagic before it exports one.
    """

    task_registry = MMSRKD_TASK

    @classmethod
    def register_deploy_modules(cls) -> None:
        """Register the rewriter that exports a mmagic editor's network and nothing around it."""
        import mmdeploy.codebase.mmagic.models  # noqa: F401

    @classmethod
    def register_all_modules(cls) -> None:
        """Register rewriters and modules; called by mmdeploy before it builds a model."""
        import mmsrkd.registry  # noqa: F401

        cls.register_deploy_modules()
