"""Datasets, samplers, pipeline steps and the MATLAB-exact bicubic resize."""

from mmsrkd.datasets.benchmark_dataset import BenchmarkDataset, find_benchmarks, select_present
from mmsrkd.datasets.domain_pair_dataset import DomainPairDataset
from mmsrkd.datasets.resize import matlab_resize, modcrop
from mmsrkd.datasets.sample_dataset import SampleSRDataset
from mmsrkd.datasets.samplers import ResumableInfiniteSampler
from mmsrkd.datasets.scene_dataset import SceneDataset
from mmsrkd.datasets.sr_dataset import GeneratedSRDataset, PairedSRDataset
from mmsrkd.datasets.unlabelled_dataset import UnlabelledDataset

__all__ = [
    "BenchmarkDataset",
    "DomainPairDataset",
    "GeneratedSRDataset",
    "PairedSRDataset",
    "ResumableInfiniteSampler",
    "SampleSRDataset",
    "SceneDataset",
    "UnlabelledDataset",
    "find_benchmarks",
    "matlab_resize",
    "modcrop",
    "select_present",
]
