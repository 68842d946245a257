"""Packaging of mmsrkd. Metadata are in pyproject.toml; this file exists for tools that still want it."""

from setuptools import setup

setup()
