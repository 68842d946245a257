"""One entry for each network that a config offers, from the config, the code and the results."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
import yaml
from mmengine.config import Config
from mmengine.registry import init_default_scope

from mmsrkd.apis.complexity import count_parameters, gmacs
from mmsrkd.checkpoints.network_file import scale_of
from mmsrkd.models.networks.checks import find_scale
from mmsrkd.models.networks.reparam import count_parameters as count_published
from mmsrkd.models.networks.reparam import switch_to_deploy
from mmsrkd.models.restorers.student import student_config
from mmsrkd.registry import MODELS

#: Configs that repeat a network for another purpose.
_REPEATS = ("_debug", "_demo", "_small", "_kd_", "_no-teacher")
#: Side of a real image for networks that shapes alone do not take through; a multiple of windows.
_TILE = 64


@dataclass
class Entry:
    """A network in one size and scale.

    Attributes:
        name: Name of the config.
        config: Its path under the repository.
        collection: The metafile's entry of the family: paper, code, weights.
        network: Class name.
        scale: Up-scaling factor, 1 for deblurring.
        parameters: As trained, counted as its authors do (frozen merged copies included).
        deployed: After merging.
        gmacs: Billions of multiply-adds for an output of 1280x720, merged.
        min_side: The shortest side of an input that works.
        published: ``{"Set5/PSNR_Y": 38.07}``, from the metafile.
        measured: The same from the JSON of results with converted weights.
        weights: File those results were made with.
    """

    name: str
    config: str
    collection: dict[str, Any]
    network: str
    scale: int
    parameters: int
    deployed: int
    gmacs: float
    min_side: int
    published: dict[str, float] = field(default_factory=dict)
    measured: dict[str, float] = field(default_factory=dict)
    weights: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain dictionary; the family by its name."""
        return {**asdict(self), "collection": self.collection["Name"]}


def collect(root: str | Path) -> list[Entry]:
    """Build every network that the metafiles list and count it, on no memory.

    Args:
        root: The repository: ``configs/*/metafile.yml`` and ``docs/results/*/*.json``.
    """
    init_default_scope("mmsrkd")
    results = _results(Path(root) / "docs/results")
    seen, entries = set(), []
    for collection, model in _models(Path(root) / "configs"):
        config = Config.fromfile(Path(root) / model["Config"])
        if "distill" in config.model:  # the student's own config is listed
            continue
        generator = student_config(config.model)["generator"]
        key = json.dumps(generator, sort_keys=True, default=str)
        if key not in seen:
            seen.add(key)
            entries.append(_entry(collection, model, generator, results))
    return entries


def _models(configs: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every model of every metafile with the collection it is in."""
    for path in sorted(configs.glob("*/metafile.yml")):
        meta = yaml.safe_load(path.read_text())
        collections = {entry["Name"]: entry for entry in meta["Collections"]}
        for model in meta["Models"]:
            collection = collections[model["In Collection"]]
            # a collection with `Zoo: false` trains networks of others
            if collection.get("Zoo", True) and not any(m in model["Name"] for m in _REPEATS):
                yield collection, model


def _entry(
    collection: dict[str, Any],
    model: dict[str, Any],
    generator: Mapping[str, Any],
    results: Mapping[str, Mapping[str, Any]],
) -> Entry:
    network = build_on_meta(generator)
    scale = network_scale(network, generator)
    parameters = count_published(network, as_published=True)
    switch_to_deploy(network)
    found = results.get(model["Config"], {})
    return Entry(
        name=model["Name"],
        config=model["Config"],
        collection=collection,
        network=generator["type"],
        scale=scale,
        parameters=parameters,
        deployed=count_parameters(network),
        gmacs=round(_gmacs(network, scale), 3),
        min_side=getattr(network, "min_side", 1),
        published={
            f"{result['Dataset']}/{metric}": value
            for result in model.get("Results", ())
            for metric, value in result["Metrics"].items()
        },
        measured={
            key: value
            for key, value in found.items()
            if key.count("/") == 1
            and key.endswith(("/PSNR_Y", "/SSIM_Y"))
            and not key.startswith("protocol/")
        },
        weights=found.get("checkpoint"),
    )


def build_on_meta(generator: Mapping[str, Any]) -> torch.nn.Module:
    """Build without memory, or with it if the constructor looks at values (mmagic's SwinIR)."""
    try:
        with torch.device("meta"):
            return MODELS.build(dict(generator)).eval()
    except RuntimeError as error:
        if "meta" not in str(error):
            raise
        return MODELS.build(dict(generator)).eval()


def _gmacs(network: torch.nn.Module, scale: int) -> float:
    on_meta = next((p.is_meta for p in network.parameters()), True)
    return gmacs(network, scale=scale, tile=None if on_meta else _TILE)


def network_scale(network: torch.nn.Module, generator: Mapping[str, Any] | None = None) -> int:
    """Up-scaling factor of a network of ours or of mmagic's; 1 where it has none.

    Args:
        network: The network.
        generator: Its configuration: some of mmagic's do not keep the factor.
    """
    return scale_of(generator or {}) or find_scale(network) or 1


def _results(folder: Path) -> dict[str, dict[str, Any]]:
    """Tests of given weights, by config: no training of ours, no changed options."""
    found = {}
    for path in sorted(folder.glob("*/*.json")):
        result = json.loads(path.read_text())
        trained = any(key.startswith("train/") for key in result)
        if not trained and not result.get("options") and "config" in result:
            found[result["config"]] = result
    return found
