"""mmengine's way to checkpoints, made safe.

onedl-mmengine 0.10.x reads a checkpoint with ``weights_only=True`` and, when that fails, reads it
again without, which runs whatever the file asks for; mmengine 0.10.7 cannot resume at all under
torch >= 2.6. Both offer ``CheckpointLoader.register_scheme`` as the place for another reader, so
nothing of theirs is replaced. Can go when
``tests/test_compat/test_mmengine.py::test_stock_reader_still_falls_back`` fails.
"""

from __future__ import annotations

from typing import Any

from mmsrkd.checkpoints.convert import state_of
from mmsrkd.checkpoints.families import find_family
from mmsrkd.checkpoints.network_file import is_network_file
from mmsrkd.checkpoints.safe_load import read_checkpoint
from mmsrkd.checkpoints.state import GENERATOR, is_editor, network_state_dict

# Every local path: mmengine tries patterns in reverse alphabetical order, so that those of URLs
# come first, and its own reader for local files, the empty pattern, last.
LOCAL_PATHS = r"(?!.*://).+"


def register() -> None:
    """Make mmengine read every local checkpoint through this package; harmless to repeat.

    ``load_from``, ``resume`` and ``load_checkpoint`` of mmengine then refuse code in checkpoints,
    read ``.safetensors``, and take a bare network as the ``generator`` of a mmagic editor.
    """
    from mmengine.runner import CheckpointLoader

    CheckpointLoader.register_scheme(LOCAL_PATHS, load_from_local_safely, force=True)


def load_from_local_safely(filename: str, map_location: Any = None) -> dict[str, Any]:
    """Read a local checkpoint in the shape mmengine expects.

    Args:
        filename: Path.
        map_location: As in ``torch.load``.

    Raises:
        FileNotFoundError: There is no such file.
        CheckpointError: It is damaged or unsafe.
    """
    return as_edit_model(read_checkpoint(filename, map_location), filename)


def as_edit_model(checkpoint: dict[str, Any], origin: str = "checkpoint") -> dict[str, Any]:
    """Present a bare network as the checkpoint of a mmagic editor; return others unchanged.

    A bare network is one that says so (published or converted by this package) or whose keys
    belong to a known family; the latter is converted. Anything else, such as the VGG of a
    perceptual loss, is left alone.
    """
    meta = checkpoint.get("meta")
    try:
        state = network_state_dict(checkpoint)
    except RuntimeError:
        return checkpoint
    if is_editor(checkpoint):
        return checkpoint
    if not is_network_file(checkpoint) and find_family(state) is None:
        return checkpoint
    state = state_of(checkpoint, origin=origin)
    prefixed = {f"{GENERATOR}{key}": value for key, value in state.items()}
    return {"state_dict": prefixed, "meta": meta if isinstance(meta, dict) else {}}
