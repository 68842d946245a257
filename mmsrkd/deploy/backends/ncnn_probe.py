"""Run converted ncnn files once, in a process of its own.

pnnx may write a network that ncnn loads and then dies of (a segmentation fault, no message), which
must not happen to whoever asked for the export. Run as a script, with ``python -P``: the modules
beside this one are called as the packages they are about.
"""

from __future__ import annotations

import sys


def main(param: str, weights: str, height: str, width: str) -> int:
    """Load both files and run a grey image (3, H, W); returns ncnn's status."""
    import ncnn
    import numpy as np

    net = ncnn.Net()
    net.opt.num_threads = 1
    if net.load_param(param) or net.load_model(weights):
        return 1
    extractor = net.create_extractor()
    image = np.full((3, int(height), int(width)), 0.5, np.float32)  # ncnn.Mat only points to it
    extractor.input("in0", ncnn.Mat(image).clone())
    status, _ = extractor.extract("out0")
    return int(status != 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
