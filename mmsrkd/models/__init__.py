"""Everything with parameters: networks, losses, distillation, and the restorers mmengine trains."""

from . import distillation, losses, networks, restorers

__all__ = ["distillation", "losses", "networks", "restorers"]
