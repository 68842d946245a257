"""Log lines that say the same again and again."""

from __future__ import annotations

import logging

from mmengine.logging import MMLogger


class SaidOnce(logging.Filter):
    """Lets a line through that starts with a given text, and not the same one a second time.

    Args:
        start: Lines that start otherwise pass.
    """

    def __init__(self, start: str) -> None:
        super().__init__()
        self.start, self._said = start, set[str]()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is logged."""
        line = record.getMessage()
        if not line.startswith(self.start):
            return True
        known = line in self._said
        self._said.add(line)
        return not known


def name_environment_once() -> None:
    """Have mmengine name an environment variable that configs use once, not once per config."""
    logger = MMLogger.get_current_instance()
    if not any(isinstance(known, SaidOnce) for known in logger.filters):
        logger.addFilter(SaidOnce("Using env variable"))
