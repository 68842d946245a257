"""Exported files on more images than those they were exported with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mmsrkd.deploy import ExportError, ParityError, export, prove_files
from tests import tiny

from .conftest import Trained


def test_more_images_without_another_export(trained: Trained, tmp_path: Path):
    source = trained("lgrnet")
    result = export(*source, tmp_path / "out")
    written = result.path.stat().st_mtime_ns
    assert prove_files(result, *source, None) == result.proof, "the same pictures by default"
    others = tiny.write_images(tmp_path / "shown", count=2, size=40)
    proof = prove_files(result, *source, others)
    assert len(proof.images) == 2
    assert abs(proof.change_db) <= 0.02
    assert result.path.stat().st_mtime_ns == written
    message = r"lgrnet_x2_dynamic.onnx gives .* dB on .*shown and PyTorch .* budget of -1 dB"
    with pytest.raises(ParityError, match=message):
        prove_files(result, *source, others, budget_db=-1)


def test_what_cannot_run_here_says_so(trained: Trained, tmp_path: Path):
    source = trained("lgrnet")
    result = export(*source, tmp_path / "out")
    unbuilt = replace(result, artefact=replace(result.artefact, state="engine not built: no GPU"))
    with pytest.raises(ExportError, match="cannot be run here: engine not built: no GPU"):
        prove_files(unbuilt, *source, None)
