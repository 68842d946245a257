from __future__ import annotations

import torch
from mmengine.config import Config

from mmsrkd.apis.quantize import quantize_checkpoint
from mmsrkd.models.networks import LGRNet
from tests import tiny

SHARES = (0.5, 0.999, 0.9)


def test_the_percentile_that_keeps_the_output_nearest(tmp_path):
    torch.manual_seed(0)
    checkpoint = tmp_path / "float.pth"
    torch.save(LGRNet(channels=tiny.CHANNELS, num_blocks=2).state_dict(), checkpoint)
    cfg = Config({"model": {**tiny.model_config(), "generator": tiny.student()}})

    def quantised(name, **how):
        scheme = {"preset": "cpu", "calibration": "percentile", **how.pop("scheme", {})}
        return quantize_checkpoint(
            cfg, str(checkpoint), tmp_path / f"{name}.pth", scheme, limit=2, size=48, **how
        )

    chosen = quantised("best", percentiles=SHARES)
    single = {
        share: quantised("one", scheme={"percentile": share}).agreement_db for share in SHARES
    }
    best = max(single, key=lambda share: single[share])
    assert chosen.generator["scheme"]["percentile"] == best != SHARES[0]
    assert chosen.agreement_db == single[best]
