from __future__ import annotations

import torch
from mmengine.config import Config

from mmsrkd.apis.quantize import quantize_checkpoint
from mmsrkd.models.networks import LGRNet
from mmsrkd.models.networks.reparam import switch_to_deploy
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


def uneven_checkpoint(path):
    """One channel of the first two layers is 300 times as large as the others."""
    torch.manual_seed(0)
    network = switch_to_deploy(LGRNet(channels=tiny.CHANNELS, num_blocks=2).eval())
    with torch.no_grad():
        network.head[0].weight[0] *= 300
        network.head[0].bias[0] = 300
    torch.save(network.state_dict(), path)
    return str(path)


def test_balancing_keeps_what_an_override_says_besides(tmp_path):
    checkpoint = uneven_checkpoint(tmp_path / "float.pth")
    cfg = Config({"model": {**tiny.model_config(), "generator": tiny.student()}})

    def balanced(**override):
        overrides = [{"pattern": "body.0.conv1", **override}] if override else []
        scheme = {"preset": "openvino", "overrides": overrides}
        made = quantize_checkpoint(
            cfg, checkpoint, tmp_path / "i.pth", scheme, limit=2, size=48, balance=True
        )
        said = {o["pattern"]: o for o in made.generator["scheme"]["overrides"] if o["balance"]}
        assert tuple(said) == made.balanced
        return said

    assert "body.0.conv1" in balanced()
    assert balanced(fine_input=True)["body.0.conv1"]["fine_input"]
    assert "body.0.conv1" not in balanced(precision="float")
