from __future__ import annotations

import pytest
import torch
from mmengine.config import Config

from mmsrkd.apis import quantize as quantize_api
from mmsrkd.apis.quantize import quantize_checkpoint
from mmsrkd.checkpoints import CheckpointError, read_checkpoint
from mmsrkd.models.networks import LGRNet
from mmsrkd.models.networks.reparam import switch_to_deploy
from mmsrkd.registry import MODELS
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


def test_what_is_quantised_already_is_refused(rounded, tmp_path):
    made = rounded("nearest").path
    cfg = Config({"model": {**tiny.model_config(), "generator": tiny.student()}})
    state = {
        f"generator.{key}": value for key, value in read_checkpoint(made)["state_dict"].items()
    }
    trained = tmp_path / "iter_1.pth"
    torch.save({"state_dict": state, "meta": {"iter": 1}}, trained)
    for file, reason in (
        (made, r"nearest\.pth holds a quantised network \(made from float\.pth\).* in float\.pth"),
        (trained, r"iter_1\.pth holds .* \(trained so\).* float weights that its training began"),
    ):
        with pytest.raises(CheckpointError, match=reason):
            quantize_checkpoint(cfg, str(file), tmp_path / "again.pth", {}, limit=2, size=48)
    assert not (tmp_path / "again.pth").exists()
    # a training may begin from either
    MODELS.build({"type": "Quantized", "network": tiny.student(), "checkpoint": str(made)})


def test_the_inputs_that_cost_most_come_in_two_parts(tmp_path):
    torch.manual_seed(0)
    checkpoint = tmp_path / "float.pth"
    torch.save(LGRNet(channels=tiny.CHANNELS, num_blocks=2).state_dict(), checkpoint)
    cfg = Config({"model": {**tiny.model_config(), "generator": tiny.student()}})

    def made(preset="openvino", **how):
        scheme = {"preset": preset, "overrides": [{"pattern": "body.*", "weight_bits": 6}]}
        return quantize_checkpoint(
            cfg, str(checkpoint), tmp_path / "int.pth", scheme, limit=2, size=48,
            weight_rounding="nearest", **how,
        )  # fmt: skip

    plain, fine = made(costs=True), made(fine_share=0.3)
    activations = [cost for cost in plain.costs if not cost.weight]
    total = sum(cost.error for cost in activations)
    layers = {
        "head.0",
        "tail.0",
        "upsampler.0",
        *(f"body.{b}.conv{c}" for b in "01" for c in "123"),
    }
    expected = {t for c in activations if c.error >= 0.3 * total for t in c.takers} & layers
    assert set(fine.fine) == expected
    assert 0 < len(expected) < 3
    assert not plain.fine
    assert not fine.costs  # it was not asked for
    assert fine.agreement_db > plain.agreement_db
    # what an override says of such a layer besides stays
    said = [o for o in fine.generator["scheme"]["overrides"] if o["fine_input"]]
    assert all(o["weight_bits"] == (6 if "body" in o["pattern"] else None) for o in said)
    with pytest.raises(ValueError, match=r"not for layout 'ort'.*such as openvino"):
        made("cpu", fine_share=0.3)


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
