"""Rendered scenes: a folder of frames each, or a single picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mmsrkd.datasets.errors import MissingDataError
from mmsrkd.datasets.folders import IMAGE_SUFFIXES, list_images, require_folder
from mmsrkd.datasets.pipelines import training_pipeline
from mmsrkd.datasets.sr_dataset import Pipeline, SRDataset
from mmsrkd.registry import DATASETS

__all__ = ["SceneDataset", "find_scenes", "scene_images"]


@DATASETS.register_module()
class SceneDataset(SRDataset):
    """HR images of some scenes under a folder; the LR images are made by MATLAB's bicubic.

    A scene is a sub-folder with frames, at any depth (``BMFR/classroom/...``; of Spring,
    ``train/0001/frame_left/...``), or a picture of its own (``cg/bedroom.png`` is scene
    ``bedroom``). For a table with a column per scene, give every scene its own data set, evaluator
    and ``prefix``, as ``_base_/datasets/takdsr_scenes_x2.py`` does.

    Args:
        data_root: folder that ``folder`` is taken from.
        folder: where the scenes are.
        scenes: their names; None for all.
        leave_out: names of scenes that are not used (those of the test).
        frames: only sub-folders of this name inside a scene, e.g. ``frame_left``.
        name: what it is called as a test set; its scenes by default.
        augment: transforms between the usual training pipeline's flips and its packing.
        pipeline: as :class:`SRDataset`; None with ``test_mode`` loads, crops to multiples of the
            scale and makes the LR image.
        **common: the other arguments of :class:`SRDataset`.

    Raises:
        MissingDataError: the folder or a scene is not there, or has no image; or no scene remains.
    """

    def __init__(
        self,
        folder: str,
        scenes: str | Sequence[str] | None = None,
        leave_out: Sequence[str] = (),
        frames: str | None = None,
        name: str | None = None,
        augment: Sequence[dict[str, Any]] = (),
        pipeline: Pipeline | None = None,
        **common: Any,
    ) -> None:
        self.folder = folder
        self.scenes = [scenes] if isinstance(scenes, str) else scenes
        self.leave_out = tuple(leave_out)
        self.frames = frames
        self.name = name or ("+".join(self.scenes) if self.scenes else folder)
        if pipeline is None:
            pipeline = _usual_pipeline(augment, common)
        elif augment:
            raise ValueError("augment is put into the usual pipeline; with your own, put it there")
        super().__init__(pipeline=pipeline, **common)

    def load_data_list(self) -> list[dict[str, Any]]:
        """All images, scene by scene; a frame's key is ``<scene>_<frame>``."""
        root = self._folder(self.folder)
        if not root.is_dir():
            require_folder(root, f"folder={self.folder!r}", recursive=True)
        present = find_scenes(root)
        names = list(present) if self.scenes is None else self.scenes
        chosen = [name for name in names if name not in self.leave_out]
        for name in [*chosen, *self.leave_out]:
            if name not in present:
                raise MissingDataError(
                    f"scene {name!r} is not in {root.absolute()}, which has "
                    f"{', '.join(present) or 'none'}; correct `scenes` or `leave_out`"
                )
        entries = []
        for name in chosen:
            for path in scene_images(present[name], self.frames):
                alone = present[name].is_file()
                key = name if alone else f"{name}_{path.stem}"
                entries.append({"key": key, "gt_path": str(path), "scale": self.scale})
        if not entries:
            raise MissingDataError(
                f"no image in the scenes {', '.join(chosen) or 'left'} of {root.absolute()}"
                + (f" under {self.frames}/" if self.frames else "")
                + "; correct `scenes`, `leave_out` or `frames`, or set $MMSRKD_DATA to other data"
            )
        return entries


def _usual_pipeline(augment: Sequence[dict[str, Any]], common: dict[str, Any]) -> Pipeline | None:
    """That of testing, or of training with ``augment``; None leaves it to `SRDataset`."""
    if augment and (common.get("test_mode") or not common.get("lr_patch")):
        raise ValueError("augment belongs to the usual training pipeline: give lr_patch")
    if common.get("test_mode"):
        return _TEST_PIPELINE
    if not augment:
        return None
    usual = training_pipeline(False, common.pop("lr_patch"), common.pop("cache_mb", 0))
    return [*usual[:-1], *augment, usual[-1]]


_TEST_PIPELINE: list[dict[str, Any]] = [
    {"type": "LoadCheckedImage", "key": "gt"},
    {"type": "GenerateLR"},
    {"type": "PackInputs", "meta_keys": ["gt_is_grey"]},
]


def find_scenes(root: Path) -> dict[str, Path]:
    """Folder or picture of every scene under ``root``, by name, sorted; empty if it is missing."""
    if not root.is_dir():
        return {}
    found = {path.name: path for path in root.iterdir() if path.is_dir()}
    found.update({path.stem: path for path in list_images(root)})
    return dict(sorted(found.items()))


def scene_images(scene: Path, frames: str | None = None) -> list[Path]:
    """Images of a scene in sorted order."""
    if scene.is_file():
        return [scene] if scene.suffix.lower() in IMAGE_SUFFIXES else []
    images = list_images(scene, recursive=True)
    return [path for path in images if frames is None or frames in path.parent.parts]
