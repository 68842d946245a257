"""The page of all networks: what they cost, what was published, what was measured here."""

from mmsrkd.apis.model_zoo.entries import Entry, collect
from mmsrkd.apis.model_zoo.page import render
from mmsrkd.apis.model_zoo.picture import draw

__all__ = ["Entry", "collect", "draw", "render"]
