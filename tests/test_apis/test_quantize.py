from __future__ import annotations

import pytest
import torch
from mmengine.config import Config

from mmsrkd.apis import quantize as quantize_api
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
            cfg, str(checkpoint), tmp_path / f"{name}.pth", scheme, limit=2, size=48,
            weight_rounding="nearest", **how,
        )  # fmt: skip

    chosen = quantised("best", percentiles=SHARES)
    single = {
        share: quantised("one", scheme={"percentile": share}).agreement_db for share in SHARES
    }
    best = max(single, key=lambda share: single[share])
    assert chosen.generator["scheme"]["percentile"] == best != SHARES[0]
    assert chosen.agreement_db == single[best]


@pytest.fixture
def rounded(tmp_path):
    """Quantise a tiny network to 4-bit weights by one of the roundings."""
    torch.manual_seed(0)
    checkpoint = tmp_path / "float.pth"
    torch.save(LGRNet(channels=tiny.CHANNELS, num_blocks=2).state_dict(), checkpoint)
    cfg = Config({"model": {**tiny.model_config(), "generator": tiny.student()}})
    scheme = {"preset": "openvino", "weight_bits": 4}

    def by(rounding):
        out = tmp_path / f"{rounding}.pth"
        return quantize_checkpoint(
            cfg, str(checkpoint), out, scheme, limit=2, size=48, weight_rounding=rounding
        )

    return by


def test_weights_rounded_together_come_nearer(rounded):
    together, nearest = rounded("gptq"), rounded("nearest")
    assert (together.weight_rounding, nearest.weight_rounding) == ("gptq", "nearest")
    assert together.agreement_db > nearest.agreement_db + 0.5


def test_a_rounding_that_leads_away_is_put_back(rounded, monkeypatch):
    def spoil(network, images, track):
        for parameter in network.parameters():
            parameter.data.mul_(0)

    monkeypatch.setattr(quantize_api, "compensate_weights", spoil)
    made, nearest = rounded("gptq"), rounded("nearest")
    assert made.weight_rounding == "nearest"
    assert made.agreement_db == nearest.agreement_db


def test_an_unknown_rounding_lists_those_there_are(rounded):
    with pytest.raises(ValueError, match=r"nearest or gptq, got 'adaround'"):
        rounded("adaround")


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
