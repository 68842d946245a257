from __future__ import annotations

import json
import subprocess
import sys

import pytest

PROBE = """
import json, importlib
from mmsrkd.compat import torchvision as repair

def failure(name):
    try:
        importlib.import_module(name)
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    return None

found = {"torchvision": failure("torchvision")}
repair.declare_missing_operators()
found["mmagic"] = failure("mmagic.models")
print(json.dumps(found))
"""


@pytest.fixture(scope="session")
def stock() -> dict[str, str | None]:
    """How the unrepaired packages fail to import: name to error, None where they do not."""
    run = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    return json.loads(run.stdout.strip().splitlines()[-1])
