"""Teachers: frozen networks that no checkpoint, optimiser, EMA copy or DDP bucket holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch
from mmengine.logging import print_log
from torch import Tensor, nn

from mmsrkd.checkpoints import (
    SPAN_NCNN_PREFIX,
    convert,
    load_network,
    read_checkpoint,
    sha256_of,
)
from mmsrkd.checkpoints.network_file import SUFFIXES, is_network_file
from mmsrkd.checkpoints.students import build_published
from mmsrkd.models.networks.reparam import switch_to_deploy
from mmsrkd.registry import MODELS

from .consistency import LabelConsistency
from .inputs import build_input
from .main_image import main_image
from .names import check_keys
from .taps import TapSet

KEYS = (
    *("generator", "checkpoint", "input", "consistency"),
    *("dtype", "channels_last", "compile", "chunk", "deploy"),
)
DTYPES = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}


class FrozenTeacher:
    """One pretrained network in eval mode, without gradients, with its own input and precision.

    Deliberately not an ``nn.Module``: assigned to a model, it stays out of its parameters and
    state.

    Args:
        name: Its name in the config.
        config: ``generator`` (network config; optional where the checkpoint tells), ``checkpoint``
            (a file, or ``span-ncnn:spanx2_ch48`` for the installed package; None only for networks
            without weights), ``input`` (``lr``, ``gt`` for a privileged teacher, or a dict such as
            ``dict(type="Mix", of=["teacher.compact", "lr"], shares=[.3, .7])``),
            ``consistency`` (a dict for `LabelConsistency`: the teacher sees the batch changed at
            random, and its image is changed back), ``dtype`` (``fp32``, ``fp16``, ``bf16``),
            ``channels_last`` (default True: up to 1.8 times as fast on a CPU, and the layout in
            which the student trains, so that nothing is copied to compare them), ``compile``,
            ``chunk`` (images per forward pass; 0 for all), ``deploy`` (merge re-parameterised
            blocks; default True).
        taps: Tap configs by name.
    """

    def __init__(self, name: str, config: Mapping[str, Any], taps: Mapping[str, Any]) -> None:
        where = f"distill.teachers.{name}"
        check_keys(config, KEYS, where)
        self.name, self.where = name, where
        self.source = config.get("checkpoint")
        self.input = config.get("input", "lr")
        self.dtype = _choose(DTYPES, config.get("dtype", "fp32"), f"{where}.dtype")
        self.channels_last = bool(config.get("channels_last", True))
        self.chunk = int(config.get("chunk", 0))
        self._build_input = build_input(self.input, f"{where}.input")
        self.consistency = _consistency(config, where, taps)
        self.network, self.sha256 = _load(config, where)
        self.network.to(dtype=self.dtype)
        if self.channels_last:
            self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.network.requires_grad_(False).eval()
        self.taps = TapSet(self.network, taps, name)
        if config.get("compile", False):
            self.network.compile()

    def reference(self) -> dict[str, str | None]:
        """What a checkpoint says of it instead of holding it: where it came from and its sha256."""
        return {"checkpoint": self.source, "sha256": self.sha256}

    @torch.no_grad()
    def __call__(
        self, tensors: Mapping[str, Tensor], *, learn_copies: bool = False
    ) -> dict[str, Tensor]:
        """Run on the batch.

        Args:
            tensors: ``lr`` (N, 3, H, W) and ``gt`` (N, 3, rH, rW), in [0, 1], and those its input
                is made of.
            learn_copies: First pass, see `TapSet.learning_copies`.

        Returns:
            ``out`` and one entry for each tap.
        """
        x = self._build_input(tensors)
        if self.consistency is None:
            return self._run_in_parts(x, learn_copies)
        changed, undo = self.consistency(x)
        result = self._run_in_parts(changed, learn_copies)
        return {**result, "out": undo(result["out"])}

    def _run_in_parts(self, x: Tensor, learn_copies: bool) -> dict[str, Tensor]:
        x = x.to(self.dtype)
        if self.channels_last:
            x = x.contiguous(memory_format=torch.channels_last)
        parts = [self._run(part, learn_copies) for part in x.split(self.chunk or len(x))]
        if len(parts) == 1:
            return parts[0]
        return {name: torch.cat([part[name] for part in parts]) for name in parts[0]}

    def _run(self, x: Tensor, learn_copies: bool) -> dict[str, Tensor]:
        record = self.taps.learning_copies() if learn_copies else self.taps.recording()
        # its own precision, whatever the student's autocast: re-casting frozen weights each step is
        # waste
        with torch.autocast(x.device.type, enabled=False), record as recorded:
            out = self.network(x)
        return {"out": main_image(out), **recorded}


class TeacherSet:
    """All teachers of a model, built on first use and shared by its copies.

    Args:
        configs: Teacher configs by name.
        taps: Tap configs by teacher name.
    """

    def __init__(
        self, configs: Mapping[str, Mapping[str, Any]], taps: Mapping[str, Mapping[str, Any]]
    ) -> None:
        self._configs, self._taps = configs, taps
        self._built: dict[str, FrozenTeacher] = {}
        self._device = torch.device("cpu")

    def __deepcopy__(self, memo: dict[int, Any]) -> TeacherSet:
        """A copied model (EMA) shares the teachers: they never change."""
        return self

    def __getitem__(self, name: str) -> FrozenTeacher:
        """Return a teacher, building it if this is its first use.

        Building draws random numbers; they are put back, so a run with a teacher sees the same as
        one without.
        """
        if name not in self._built:
            with torch.random.fork_rng(devices=[]):
                teacher = FrozenTeacher(name, self._configs[name], self._taps.get(name, {}))
            teacher.network.to(self._device)
            self._built[name] = teacher
        return self._built[name]

    def __iter__(self) -> Iterator[str]:
        """Names of all teachers, built or not."""
        return iter(self._configs)

    def apply(self, fn: Callable[[Tensor], Tensor]) -> None:
        """Follow the model to the device ``fn`` moves it to; precision stays each teacher's own.

        Teachers that are built later go there too.
        """
        self._device = fn(torch.empty(0, device=self._device)).device
        for teacher in self._built.values():
            teacher.network.to(self._device)

    def references(self) -> dict[str, dict[str, str | None]]:
        """Source and sha256 of every teacher built so far."""
        return {name: teacher.reference() for name, teacher in self._built.items()}


def _load(config: Mapping[str, Any], where: str) -> tuple[nn.Module, str | None]:
    source, generator = config.get("checkpoint"), config.get("generator")
    if source is None:
        network = _without_checkpoint(generator, where)
        source = getattr(network, "weights_file", None)  # SpandrelNet brings its own
        sha256 = None if source is None else sha256_of(source)
    elif generator is None and _is_published(source):
        network, sha256 = build_published(source), sha256_of(source)
    elif generator is None or str(source).startswith(SPAN_NCNN_PREFIX):
        converted = convert(source)
        network = load_network(
            _in_form(generator or converted.network_cfg, config), converted.state_dict
        )
        sha256 = converted.info["sha256"]
    else:
        network = load_network(_in_form(generator, config), source)
        sha256 = sha256_of(source)
    if config.get("deploy", True):
        network = switch_to_deploy(network)
    print_log(f"{where}: {type(network).__name__} from {source} (sha256 {sha256})", "current")
    return network, sha256


def _in_form(generator: Mapping[str, Any], config: Mapping[str, Any]) -> nn.Module:
    """The network that is to take weights: merged first, since weights of either form fit then."""
    network: nn.Module = MODELS.build(dict(generator))
    return switch_to_deploy(network) if config.get("deploy", True) else network


def _is_published(source: str) -> bool:
    """Whether a file says itself which network it is; it may be of no family that is converted."""
    return str(source).endswith(SUFFIXES) and is_network_file(read_checkpoint(source))


def _without_checkpoint(generator: Mapping[str, Any] | None, where: str) -> nn.Module:
    if generator is None:
        raise KeyError(
            f"{where}: needs `checkpoint` (a file or {SPAN_NCNN_PREFIX}NAME) or `generator`"
        )
    network = MODELS.build(dict(generator))
    if any(True for _ in network.parameters()) and not hasattr(network, "weights_file"):
        raise KeyError(
            f"{where}: needs `checkpoint`; a teacher with random weights would teach noise"
        )
    return network


def _consistency(
    config: Mapping[str, Any], where: str, taps: Mapping[str, Any]
) -> LabelConsistency | None:
    if config.get("consistency") is None:
        return None
    if taps:
        raise ValueError(
            f"{where}: a teacher with `consistency` sees other images than the student, so its "
            "features do not fit; remove its taps or name the teacher twice, once without"
        )
    options = dict(config["consistency"])
    check_keys(options, ("changes", "probability"), f"{where}.consistency")
    return LabelConsistency(**options, where=f"{where}.consistency")


def _choose(table: Mapping[str, Any], key: str, where: str) -> Any:
    if key not in table:
        raise KeyError(f"{where}: {key!r} is unknown; choose one of {', '.join(table)}")
    return table[key]
