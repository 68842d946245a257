"""mmsrkd: fit super-resolution and deblurring networks into small devices.

A plugin on the OpenMMLab runtime (mmengine, mmcv, mmagic, mmdeploy). Importing the package itself
is free; ``mmsrkd.registry`` is what makes its modules known to the runtime.
"""

from __future__ import annotations

__version__ = "0.1.0"
