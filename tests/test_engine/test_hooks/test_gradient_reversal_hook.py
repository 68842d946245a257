from __future__ import annotations

import pytest
from mmengine.runner import Runner

from mmsrkd.engine.hooks import GradientReversalHook
from tests.test_engine.conftest import Build


def test_a_model_without_a_domain_classifier(small: Build) -> None:
    runner = Runner.from_cfg(small())
    with pytest.raises(TypeError, match=r"BaseEditModel has no domain classifier; train an Adapt"):
        GradientReversalHook().before_train(runner)
