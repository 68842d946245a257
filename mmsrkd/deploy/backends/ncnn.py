"""ncnn on the CPU, converted by pnnx."""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ..errors import ExportError
from .base import Artefact, Backend, Run, with_suffix
from .executed import Layer
from .onnx_input import input_shape


class Ncnn(Backend):
    """A .param and a .bin file, input ``in0``, output ``out0``, one image at a time.

    fp16 stores halves, and computes with them where the CPU can (ARMv8.2; x86 computes in fp32).
    """

    name = "ncnn"
    suffixes = (".param", ".bin")
    precisions = ("fp32", "fp16")
    refusals: ClassVar = {
        "int8": "ncnn takes no explicit Q/DQ: it quantises float files with its own calibration, "
        "which would not be the network that was trained"
    }
    packages: ClassVar = {"ncnn": "ncnn", "pnnx": "pnnx"}

    def convert(self, onnx_file: Path, precision: str, out: Path) -> Artefact:
        """Convert with pnnx, which reads ONNX."""
        self.check_precision(precision)
        self.require()
        files = tuple(with_suffix(out, suffix) for suffix in self.suffixes)
        with tempfile.TemporaryDirectory(prefix="mmsrkd-pnnx-") as folder:
            # pnnx writes eight files beside its input
            shutil.copyfile(onnx_file, Path(folder) / "network.onnx")
            _run_pnnx(Path(folder), _advice(onnx_file), fp16=precision == "fp16")
            for suffix, path in zip(self.suffixes, files, strict=True):
                shutil.copyfile(Path(folder) / f"network.ncnn{suffix}", path)
        _probe(files, onnx_file)
        note = "ncnn takes one image (3, H, W) at a time: its files have no batch"
        return Artefact(self.name, precision, files, notes=(note,))

    def open(self, artefact: Artefact, threads: int) -> Run:
        """Load both files; a batch runs image by image."""
        self.require()
        ncnn = importlib.import_module("ncnn")
        net = ncnn.Net()
        half = artefact.precision == "fp16"
        net.opt.num_threads = threads
        net.opt.use_fp16_packed = net.opt.use_fp16_storage = net.opt.use_fp16_arithmetic = half
        param, weights = map(str, artefact.files)
        if net.load_param(param) or net.load_model(weights):
            raise ExportError(f"ncnn cannot load {param}: export again, see its message above")

        def image_to_image(image: NDArray[np.float32]) -> NDArray[np.float32]:
            extractor = net.create_extractor()
            extractor.input("in0", ncnn.Mat(image).clone())
            status, out = extractor.extract("out0")
            if status:
                raise ExportError(f"ncnn fails on an input of {image.shape} (status {status})")
            return np.array(out)

        return lambda batch: np.stack([image_to_image(np.ascontiguousarray(i)) for i in batch])

    def layers(self, artefact: Artefact) -> tuple[Layer, ...]:
        """Nothing: ncnn does not tell the precision of a layer."""
        return ()


def _advice(onnx_file: Path) -> str:
    """What helps: pnnx folds sizes that are fixed, and leaves operators on free ones."""
    fixed = all(input_shape(onnx_file)[2:])
    return "choose another backend" if fixed else "export a static shape, or for another backend"


def _run_pnnx(folder: Path, advice: str, *, fp16: bool) -> None:
    """Run the package's program in a folder that holds ``network.onnx``.

    Raises:
        ExportError: If it writes no ncnn files, or leaves an operator that ncnn does not know.
    """
    pnnx = importlib.import_module("pnnx")
    command = [str(pnnx.EXEC_PATH), "network.onnx", f"fp16={int(fp16)}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    param = folder / "network.ncnn.param"
    if done.returncode or not param.is_file():
        said = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
        raise ExportError(f"pnnx cannot convert the network to ncnn ({said[-1].strip()}): {advice}")
    foreign = sorted({kind for kind in _kinds(param) if "." in kind or "::" in kind})
    if foreign:
        raise ExportError(f"ncnn has no operator for {', '.join(foreign)}: {advice}")


def _probe(files: tuple[Path, ...], onnx_file: Path) -> None:
    """Run the files once in a process of their own.

    Raises:
        ExportError: If ncnn cannot run them, or dies.
    """
    script = Path(__file__).with_name("ncnn_probe.py")
    size = [side or 48 for side in input_shape(onnx_file)[2:]]
    command = [sys.executable, "-P", str(script), *map(str, (*files, *size))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        how = f"dies of signal {-done.returncode}" if done.returncode < 0 else "fails"
        raise ExportError(f"ncnn {how} on what pnnx made of the network: {_advice(onnx_file)}")


def _kinds(param: Path) -> list[str]:
    """Layer types of a .param file: a magic number, the counts, then a layer a line."""
    return [line.split()[0] for line in param.read_text().splitlines()[2:] if line.strip()]
