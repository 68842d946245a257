"""Repeated lines are logged once."""

from __future__ import annotations

import logging

from mmsrkd.apis.said_once import SaidOnce


def test_only_repeats_of_the_named_lines_are_left_out(caplog) -> None:
    logger = logging.getLogger("said once")
    logger.addFilter(SaidOnce("Using"))
    with caplog.at_level("INFO"):
        for line in ("Using A", "else", "Using A", "Using B", "else"):
            logger.info(line)
    assert caplog.messages == ["Using A", "else", "Using B", "else"]
