"""The only place that knows another package's bugs.

One small file per package, each repair with its reason, the versions it applies to and the test
that tells when it can go. `activate` is called by `mmsrkd.registry` before anything of mmagic is
imported.
"""

from __future__ import annotations

import importlib.abc
import sys

from . import mmagic, mmdeploy, torchvision
from .lean_import import LEFT_OUT, LeftOut, find_left_out
from .source_repair import CompatFinder, install

__all__ = ["LEFT_OUT", "LeftOut", "activate", "find_left_out"]

_active = False


def activate() -> None:
    """Install the repairs; does nothing the second time.

    Raises:
        ImportError: If mmagic's model package was imported before: it would be the stock one, with
            its requirements, or half of it.
    """
    global _active
    if _active:
        return
    if "mmagic.utils" in sys.modules:
        raise ImportError(
            "mmagic was imported before mmsrkd and so without its repairs; "
            "import mmsrkd.registry first"
        )
    torchvision.declare_missing_operators()
    install(CompatFinder(_choose, packages=("mmagic", "mmdeploy")))
    mmdeploy.reload_if_imported()
    _active = True


def _choose(fullname: str, path: str) -> importlib.abc.Loader | None:
    return mmagic.choose_loader(fullname, path) or mmdeploy.choose_loader(fullname, path)
