"""Registries of mmsrkd: children of mmagic's, scope ``mmsrkd``.

A name is looked up among our modules first, which are imported on the first look-up, then in mmagic
and mmengine. mmagic's modules are imported only when a name is not found here, so that a run which
needs none of its editors does not wait for them.
"""

from __future__ import annotations

import difflib

from mmsrkd import compat

compat.activate()

from mmagic import registry as mmagic_registry  # noqa: E402
from mmengine.registry import Registry  # noqa: E402

__all__ = [
    "DATASETS",
    "DATA_SAMPLERS",
    "EVALUATORS",
    "HOOKS",
    "LOG_PROCESSORS",
    "LOOPS",
    "METRICS",
    "MODELS",
    "MODEL_WRAPPERS",
    "OPTIMIZERS",
    "OPTIM_WRAPPERS",
    "OPTIM_WRAPPER_CONSTRUCTORS",
    "PARAM_SCHEDULERS",
    "RUNNERS",
    "RUNNER_CONSTRUCTORS",
    "TASK_UTILS",
    "TRANSFORMS",
    "VISBACKENDS",
    "VISUALIZERS",
    "WEIGHT_INITIALIZERS",
]


class PluginRegistry(Registry):
    """A child registry that looks into its parent's locations too and explains what is missing.

    mmengine imports the locations of the registry that is asked, not those of its parents; without
    this, a name of mmagic's would be found or not depending on what happened to be imported before.
    """

    def get(self, key: str) -> type | None:
        """Return the class registered under ``key``, here or in a parent.

        Raises:
            ImportError: If the class belongs to mmagic but was left out because a third-party
                package is missing; the message names it.
            KeyError: If nothing has that name; the message lists near ones.
        """
        found = self._find(key)
        if found is not None:
            return found
        name = key.rpartition(".")[2]
        left_out = compat.find_left_out(name)
        if left_out is not None:
            raise ImportError(
                f"{name} of {left_out.package} was left out at import because {left_out.missing} "
                "is not "
                f"usable here ({left_out.reason}); install it and try again, or run "
                f"`python tools/check_env.py` for the whole list"
            )
        near = difflib.get_close_matches(name, self.known_names(), n=5, cutoff=0.5)
        hint = f"; nearest names: {', '.join(near)}" if near else ""
        raise KeyError(
            f"{name} is not in the {self.name} registry of mmsrkd, mmagic or mmengine{hint}"
        )

    def _find(self, key: str) -> type | None:
        self.import_from_location()
        name = key.partition("mmsrkd.")[2] or key
        if name in self._module_dict:
            return self._module_dict[name]
        parent = self.parent
        while parent is not None:
            parent.import_from_location()
            if name in parent.module_dict:
                return parent.module_dict[name]
            parent = parent.parent
        if "." not in name:
            return None
        try:
            return super().get(key)
        except (KeyError, RuntimeError):
            return None

    def known_names(self) -> list[str]:
        """Names registered here and in the parents, as far as they are imported."""
        names = set(self.module_dict)
        parent = self.parent
        while parent is not None:
            names |= set(parent.module_dict)
            parent = parent.parent
        return sorted(names)


def _child(node: str, *locations: str) -> PluginRegistry:
    """Make the child of one of mmagic's registries, whose look-ups import ``locations`` first."""
    parent = getattr(mmagic_registry, node)
    return PluginRegistry(parent.name, parent=parent, scope="mmsrkd", locations=list(locations))


# Every node mmagic has, also those we add nothing to: under the scope mmsrkd, mmengine warns about
# each registry it finds no child of.
RUNNERS = _child("RUNNERS")
RUNNER_CONSTRUCTORS = _child("RUNNER_CONSTRUCTORS")
LOOPS = _child("LOOPS", "mmsrkd.engine")
HOOKS = _child("HOOKS", "mmsrkd.engine")
LOG_PROCESSORS = _child("LOG_PROCESSORS")
OPTIMIZERS = _child("OPTIMIZERS")
OPTIM_WRAPPERS = _child("OPTIM_WRAPPERS", "mmsrkd.engine")
OPTIM_WRAPPER_CONSTRUCTORS = _child("OPTIM_WRAPPER_CONSTRUCTORS")
PARAM_SCHEDULERS = _child("PARAM_SCHEDULERS")
DATASETS = _child("DATASETS", "mmsrkd.datasets")
DATA_SAMPLERS = _child("DATA_SAMPLERS", "mmsrkd.datasets")
TRANSFORMS = _child("TRANSFORMS", "mmsrkd.datasets.transforms")
MODELS = _child("MODELS", "mmsrkd.models", "mmsrkd.adaptation", "mmsrkd.quantization")
MODEL_WRAPPERS = _child("MODEL_WRAPPERS")
WEIGHT_INITIALIZERS = _child("WEIGHT_INITIALIZERS")
TASK_UTILS = _child("TASK_UTILS")
METRICS = _child("METRICS", "mmsrkd.evaluation")
EVALUATORS = _child("EVALUATORS", "mmsrkd.evaluation")
VISUALIZERS = _child("VISUALIZERS")
VISBACKENDS = _child("VISBACKENDS")
