"""mmengine / onedl-mmengine: never unpickle what may run code.

onedl-mmengine 0.10.x reads a checkpoint with ``weights_only=True`` and, when that fails, reads it
again without, which runs whatever the file asks for; mmengine 0.10.7 cannot resume at all under
torch >= 2.6. Both offer ``CheckpointLoader.register_scheme`` as the place to put another reader, so
no attribute is replaced: ours (`mmsrkd.checkpoints.loader`) takes every ``.pth``, ``.pt``,
``.ckpt`` and ``.safetensors``. Can go when
``tests/test_compat/test_mmengine.py::test_stock_reader_still_falls_back`` fails.
"""

from __future__ import annotations


def register_safe_reader() -> None:
    """Make mmengine read local checkpoints through `mmsrkd.checkpoints`."""
    from mmsrkd.checkpoints.loader import register

    register()
