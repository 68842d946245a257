from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from mmagic.structures import DataSample

from mmsrkd.models.restorers import AdaptMixin, student_config
from mmsrkd.models.restorers.adapt_edit_model import _target_sample
from mmsrkd.registry import MODELS
from tests import tiny

pytestmark = pytest.mark.usefixtures("scope")

TAPS = {"trunk": {"path": "upsampler", "role": "input"}, "early": "body.0"}


def build(adapt: Any = None, distill: Any = None) -> Any:
    torch.manual_seed(0)
    config = tiny.model_config(distill)
    config["type"] = "AdaptDistillEditModel" if distill else "AdaptEditModel"
    model = MODELS.build({**config, "adapt": adapt or {"taps": TAPS}})
    model.domain.reversal.set(0.1)
    return model


def batch(**fields: torch.Tensor) -> tuple[dict[str, torch.Tensor], DataSample]:
    torch.manual_seed(1)
    inputs = {"img": torch.rand(2, 3, 12, 12), "target_img": torch.rand(2, 3, 16, 10)}
    return inputs, DataSample(gt_img=torch.rand(2, 3, 24, 24), **fields)


def test_losses_of_a_mixed_batch_and_gradients_everywhere() -> None:
    model = build().train()
    losses = model(*batch(), mode="loss")
    assert set(losses) == {"loss_label", "loss_domain", "domain_accuracy", "domain_lambda"}
    assert losses["domain_lambda"].item() == pytest.approx(0.1)
    total, log = model.parse_losses(losses)
    assert log["loss"] == total == losses["loss_label"] + losses["loss_domain"]
    total.backward()
    assert all(p.grad is not None for p in model.parameters())


def test_restoration_is_the_source_s_alone() -> None:
    """Whatever the target shows, the label loss is that of the plain model on the source."""
    model = build()
    inputs, sample = batch()
    expected = model.pixel_loss(model.generator(inputs["img"]), sample.gt_img)
    assert torch.equal(model.forward_train(inputs, sample)["loss_label"], expected)


def test_target_with_truth_counts_by_its_weight() -> None:
    model = build({"taps": TAPS, "target_weight": 0.5})
    assert model.data_preprocessor.data_keys == ["gt_img", "target_gt_img"]
    truth = torch.rand(2, 3, 32, 20)
    inputs, sample = batch(target_gt_img=truth)
    sample.set_metainfo({"has_gt": [True, False], "target_has_gt": [False, True]})
    assert _target_sample(sample).metainfo["has_gt"] == [False, True]
    losses = model.forward_train(inputs, sample)
    expected = 0.5 * model.pixel_loss(model.generator(inputs["target_img"]), truth)
    torch.testing.assert_close(losses["loss_label_target"], expected)


def test_beside_distillation(tmp_path: Path) -> None:
    model = build(distill=tiny.distill_block(tmp_path))
    losses = model.forward_train(*batch())
    assert {"loss_local", "loss_teacher", "loss_domain", "loss_label"} <= set(losses)
    plain = student_config({**tiny.model_config(), "type": "AdaptDistillEditModel", "adapt": {}})
    assert plain == tiny.model_config()


def test_a_restorer_that_learns_without_truth_gets_a_blank_sample() -> None:
    class Notes(type(build())):
        uses_unlabelled = True

        def _restoration(self, images: Any, sample: Any, **kwargs: Any) -> Any:
            blank = sample.gt_img.abs().sum().item()
            seen.append((images.shape, sample.gt_img.shape, blank, dict(sample.metainfo)))
            return super()._restoration(images, sample, **kwargs)

    seen: list[Any] = []
    model = build()
    model.__class__ = Notes
    inputs, sample = batch()
    losses = model.forward_train(inputs, sample)
    assert "loss_label_target" in losses
    assert seen[1] == ((2, 3, 16, 10), (2, 3, 32, 20), 0.0, {"has_gt": [False, False]})


@pytest.mark.parametrize(
    ("adapt", "error", "message"),
    [
        ({"taps": {"a": "bodi.0"}}, KeyError, r"LGRNet has no module 'bodi.0'; nearest: body.0"),
        ({"taps": {}}, ValueError, "adapt.taps is empty"),
        ({"tap": TAPS}, KeyError, "adapt: unknown key 'tap'; nearest: taps"),
        ({"taps": TAPS, "weight": 0}, ValueError, "weight must be positive"),
    ],
)
def test_bad_blocks(adapt: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        build(adapt)


def test_batches_without_what_the_block_wants() -> None:
    inputs, sample = batch()
    with pytest.raises(ValueError, match=r"no target images; .* DomainPairDataset"):
        build().forward_train(inputs["img"], sample)
    with pytest.raises(ValueError, match=r"target has no truth; set labelled=True"):
        build({"taps": TAPS, "target_weight": 1.0}).forward_train(inputs, sample)


def test_a_mixin_for_any_restorer() -> None:
    assert issubclass(type(build()), AdaptMixin)
    model = build()
    assert not any(key.startswith("domain") for key in model.generator.state_dict())
    images = batch()[0]
    assert torch.equal(model(images, mode="tensor"), model.generator(images["img"]))
