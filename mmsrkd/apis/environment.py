"""What is installed, whether it fits together, and what to do where it does not.

Nothing here needs anything but Python until `inspect` tries whether mmsrkd can work, so that a
broken installation can still be described.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import platform
import shutil
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

MMAGIC_PACKAGES = ("datasets", "engine", "evaluation", "models", "visualization")
#: Distributions that put their files in the same place: only one of a row can be there unharmed.
SAME_FILES = (
    ("onedl-mmengine", "mmengine"),
    ("mmcv-lite", "mmcv", "onedl-mmcv", "mmcv-full"),
    ("opencv-python-headless", "opencv-python"),
    ("onnxruntime", "onnxruntime-gpu"),
)
_STAGE = "run `make setup` (or pip install --no-deps -r requirements/openmmlab.txt)"
_HOW_TO_GET = {
    "diffusers": "pip install diffusers==0.24.0 transformers accelerate",
    "mmcv (full build with compiled operators)": (
        "pip uninstall mmcv-lite, then pip install --no-deps --no-build-isolation mmcv==2.1.0 "
        "(compiles; 40 minutes on two cores)"
    ),
}


@dataclass(frozen=True)
class Finding:
    """Something that does not fit.

    Attributes:
        fatal: Whether mmsrkd cannot work with it.
        cause: What was found.
        fix: What to do about it.
    """

    fatal: bool
    cause: str
    fix: str


@dataclass(frozen=True)
class Report:
    """The state of an installation.

    Attributes:
        versions: Name to installed version, None where it is absent.
        tested: Name to the version this release was tested with.
        facts: Further facts, such as the build of torch.
        findings: What does not fit.
        left_out: Missing package to the names of mmagic that were left out because of it.
    """

    versions: dict[str, str | None]
    tested: dict[str, str]
    facts: dict[str, str]
    findings: list[Finding]
    left_out: dict[str, list[str]] = field(default_factory=dict)

    @property
    def works(self) -> bool:
        """Whether mmsrkd can work here."""
        return not any(finding.fatal for finding in self.findings)


def read_tested(path: Path) -> dict[str, str]:
    """Read ``requirements/tested.json``: name to version, Python first."""
    content = json.loads(path.read_text())
    return {"python": content["python"], **content["packages"]}


def installed_versions() -> dict[str, str]:
    """Return name (lower case, dashes) to version of every distribution, and of Python."""
    found = {"python": platform.python_version()}
    for distribution in metadata.distributions():
        name = distribution.metadata["Name"]
        if name:
            found[name.lower().replace("_", "-")] = distribution.version
    return found


def inspect(tested: Mapping[str, str]) -> Report:
    """Describe the running environment.

    Args:
        tested: From `read_tested`.
    """
    installed = installed_versions()
    facts = torch_facts()
    findings = [*find_mixups(installed), *find_torch_problems(installed, facts)]
    left_out: dict[str, list[str]] = {}
    failure = try_import()
    if failure is None:
        left_out = group_left_out()
    else:
        findings.append(Finding(True, f"mmsrkd does not import: {failure}", _STAGE))
    versions = {name: installed.get(provider(name, installed)) for name in tested}
    return Report(versions, dict(tested), facts, findings, left_out)


def provider(name: str, installed: Mapping[str, str]) -> str:
    """Return which distribution stands in the place of ``name``: itself or one with its files."""
    for row in SAME_FILES:
        if name in row and name not in installed:
            return next((other for other in row if other in installed), name)
    return name


def find_mixups(installed: Mapping[str, str]) -> list[Finding]:
    """Find the usual ways in which the OpenMMLab packages get in each other's way.

    Args:
        installed: From `installed_versions`.
    """
    findings = []
    if _numbers(installed.get("python", "3.11"))[:2] < (3, 11):
        findings.append(
            Finding(
                True, f"Python {installed['python']} is too old", "make the venv with 3.11 or later"
            )
        )
    if "mmengine" in installed:
        findings.append(_plain_mmengine(installed))
    mmcv = provider("mmcv-lite", installed)
    if _numbers(installed.get(mmcv, "2.1.0")) >= (2, 2):
        cause = f"{mmcv} {installed[mmcv]} is too new for mmagic, which wants less than 2.2.0"
        findings.append(Finding(True, cause, f"pip uninstall -y {mmcv}; then {_STAGE}"))
    for row in SAME_FILES[1:3]:
        here = [name for name in row if name in installed]
        if len(here) > 1:
            cause = f"{' and '.join(here)} overwrite each other's files"
            fix = f"pip uninstall -y {' '.join(here)}; then install one of them again"
            findings.append(Finding(False, cause, fix))
    wanted = {"onedl-mmengine", "mmcv-lite", "mmagic", "mmdeploy"}
    missing = sorted(name for name in wanted if provider(name, installed) not in installed)
    if missing:
        findings.append(Finding(True, f"not installed: {', '.join(missing)}", _STAGE))
    return findings


def _plain_mmengine(installed: Mapping[str, str]) -> Finding:
    both = "onedl-mmengine" in installed
    cause = (
        "plain mmengine has overwritten files of onedl-mmengine"
        if both
        else f"plain mmengine {installed['mmengine']} is here instead of its maintained fork"
    )
    return Finding(
        False,
        f"{cause}; its own reader cannot resume a training under torch >= 2.6",
        f"pip uninstall -y mmengine onedl-mmengine; then {_STAGE}",
    )


def torch_facts() -> dict[str, str]:
    """Return build and devices of torch, and whether torchvision's operators load.

    Keys: ``torch build``, ``device``, ``torchvision operators``; ``torch error`` where it fails.
    """
    try:
        import torch
    except Exception as error:  # a broken binary may raise anything, and it is what we report
        return {"torch error": _first_line(error)}
    build = f"CUDA {torch.version.cuda}" if torch.version.cuda else "CPU"
    device = torch.cuda.get_device_name(0) if torch.cuda.is_available() else "CPU"
    facts = {"torch build": build, "device": device}
    if shutil.which("nvidia-smi"):
        facts["nvidia driver"] = "installed"
    if importlib.util.find_spec("torchvision"):
        from mmsrkd.compat.torchvision import compiled_operators_load

        loads = compiled_operators_load()
        facts["torchvision operators"] = "load" if loads else "do not fit torch (not needed here)"
    return facts


def find_torch_problems(installed: Mapping[str, str], facts: Mapping[str, str]) -> list[Finding]:
    """Find what does not fit between torch, torchvision and the machine.

    Args:
        installed: From `installed_versions`.
        facts: From `torch_facts`.
    """
    findings = []
    if "torch error" in facts:
        fix = "pip install torch (see the README for CPU and CUDA builds)"
        findings.append(Finding(True, f"torch does not import: {facts['torch error']}", fix))
    if facts.get("torch build") == "CPU" and "nvidia driver" in facts:
        fix = "see `A CUDA build` in the README"
        findings.append(Finding(False, "torch is a CPU build on a machine with an NVIDIA GPU", fix))
    if facts.get("torch build", "").startswith("CUDA") and facts.get("device") == "CPU":
        fix = "nothing, if the CPU is meant; otherwise update the NVIDIA driver"
        findings.append(Finding(False, "torch is a CUDA build but sees no GPU", fix))
    torch_, vision = (_numbers(installed.get(name, "")) for name in ("torch", "torchvision"))
    # torchvision 0.(n + 15) belongs to torch 2.n
    if torch_[:1] == (2,) and vision[:1] == (0,) and vision[1] != torch_[1] + 15:
        cause = (
            f"torchvision {installed['torchvision']} is for another torch than {installed['torch']}"
        )
        fix = f"pip install --no-deps torchvision==0.{torch_[1] + 15}.0"
        findings.append(Finding(False, cause, fix))
    return findings


def try_import() -> str | None:
    """Import what every tool needs; returns the first line of the error, None if there is none."""
    try:
        registry = importlib.import_module("mmsrkd.registry")
        for name in ("LGRNet", "EDSRNet", "BaseEditModel"):
            registry.MODELS.get(name)
        for name in MMAGIC_PACKAGES:
            importlib.import_module(f"mmagic.{name}")
        importlib.import_module("mmsrkd.deploy")
    except Exception as error:  # the point is to report whatever it is
        return f"{type(error).__name__}: {_first_line(error)}"
    return None


def group_left_out() -> dict[str, list[str]]:
    """Return what mmagic's lean import has left out so far: missing package to names."""
    from mmsrkd.compat import LEFT_OUT

    groups: dict[str, set[str]] = defaultdict(set)
    for record in LEFT_OUT:
        if record.name.isidentifier():
            groups[record.missing].add(record.name)
    return {missing: sorted(names) for missing, names in sorted(groups.items())}


def how_to_get(missing: str) -> str:
    """Return the command that brings a package the lean import missed."""
    return _HOW_TO_GET.get(missing, f"pip install {missing}")


def flat(report: Report) -> dict[str, Any]:
    """Return a report under flat keys, for JSON."""
    result: dict[str, Any] = {f"version/{name}": v for name, v in report.versions.items()}
    result |= {f"tested/{name}": version for name, version in report.tested.items()}
    result |= {f"fact/{name}": fact for name, fact in report.facts.items()}
    result |= {f"left_out/{missing}": names for missing, names in report.left_out.items()}
    kinds = {True: "errors", False: "notes"}
    for fatal, kind in kinds.items():
        result[kind] = [f"{f.cause}: {f.fix}" for f in report.findings if f.fatal is fatal]
    return {"works": report.works, **result}


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.partition("+")[0].split(".")
    return tuple(int(part) for part in parts if part.isdigit())


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
