"""Quantise a trained network with ranges from pictures, without training.

python tools/quantize.py CONFIG CHECKPOINT --preset cpu -o OUT.safetensors
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from mmsrkd.apis.allocator import keep_freed_memory
from mmsrkd.apis.cli import add_runtime_flags, load_config
from mmsrkd.apis.errors import one_line_errors

if TYPE_CHECKING:
    from mmengine.config import Config

    from mmsrkd.apis.quantize import Quantised

PRESETS = ("cpu", "openvino", "tensorrt", "npu")
CALIBRATIONS = ("minmax", "moving-average", "percentile", "mse", "entropy")


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description="Put fake-quantisers into a trained network and find their ranges (PTQ)."
    )
    parser.add_argument("config", help="config file; of a distilling one, the student is meant")
    parser.add_argument("checkpoint", help="float weights: a file, or span-ncnn:spanx2_ch48")
    parser.add_argument("-o", "--out", required=True, help="file to write: .safetensors or .pth")
    parser.add_argument(
        "--preset",
        choices=PRESETS,
        help="numbers for a kind of hardware (quantization.scheme of the config, else cpu)",
    )
    parser.add_argument(
        "--calib",
        metavar="DIR",
        help="pictures to find ranges with: HR ones, which are reduced as for training "
        "(scikit-image's)",
    )
    parser.add_argument("--as-is", action="store_true", help="feed the pictures as they are")
    parser.add_argument("--limit", type=int, default=32, help="at most so many pictures (32)")
    parser.add_argument(
        "--method",
        choices=CALIBRATIONS,
        help="how ranges are chosen (percentile)",
    )
    parser.add_argument(
        "--percentile",
        type=float,
        metavar="SHARE",
        help="share of values kept in range by --method percentile (the better of 0.9999 and "
        "0.99999 on the pictures)",
    )
    parser.add_argument("--weight-bits", type=int, help="bits of weights (the preset's)")
    parser.add_argument(
        "--weight-method",
        choices=("minmax", "mse"),
        help="how far weights reach: all of them, or as far as rounds them best (4 bits: mse)",
    )
    parser.add_argument(
        "--weight-rounding",
        choices=("gptq", "nearest"),
        default="gptq",
        help="to integers whose errors cancel in what a layer gives, where that is nearer to the "
        "float network, or each to its nearest (gptq)",
    )
    parser.add_argument(
        "--power-of-two",
        action="store_true",
        help="scales are powers of two, for NPUs that shift instead of multiplying",
    )
    parser.add_argument("--activation-bits", type=int, help="bits of activations (the preset's)")
    parser.add_argument(
        "--float",
        nargs="+",
        default=[],
        metavar="PATTERN",
        help="leave layers in float, e.g. head.* upsampler.0",
    )
    parser.add_argument(
        "--eight-bits",
        nargs="+",
        default=[],
        metavar="PATTERN",
        help="layers whose weights keep 8 bits where --weight-bits says fewer, such as the first "
        "and the last; one that is also --fine is written the same way in both",
    )
    parser.add_argument(
        "--fine",
        nargs="+",
        default=[],
        metavar="PATTERN",
        help="convolutions that take their input in two parts, 16 bits, at twice their work; "
        "'auto' finds those whose inputs cost most, a tenth of what rounding activations costs or "
        "more, 'auto:0.05' a twentieth; not for the preset cpu",
    )
    parser.add_argument(
        "--float-sums",
        action="store_true",
        help="add in float, for runtimes that can; not for the preset cpu",
    )
    parser.add_argument(
        "--balance",
        nargs="*",
        metavar="PATTERN",
        help="even out the channels that enter these convolutions; without a pattern, where a few "
        "are much larger than the rest",
    )
    parser.add_argument(
        "--sensitivity",
        action="store_true",
        help="also round one weight or activation at a time and list what costs most",
    )
    parser.add_argument("--json", metavar="FILE", help="write the figures here")
    add_runtime_flags(parser)
    return parser.parse_args()


def main() -> None:
    """Parse, quantise, say how near it is."""
    args = parse_args()
    with one_line_errors():
        keep_freed_memory()
        config = load_config(args)
        from rich.console import Console
        from rich.progress import track

        from mmsrkd.apis.quantize import quantize_checkpoint
        from mmsrkd.models.restorers.student import distils

        done = quantize_checkpoint(
            config,
            args.checkpoint,
            args.out,
            scheme_of(args, config),
            folder=args.calib,
            as_is=args.as_is,
            limit=args.limit,
            balance=args.balance == [],
            fine_share=fine_share(args),
            costs=args.sensitivity,
            weight_rounding=args.weight_rounding,
            track=partial(track, console=Console(stderr=True)),
        )
        if distils(config.model):
            student = done.generator["network"]["type"]
            print(f"note: the config distils: its student, {student}, is quantised")
        say(done, args.weight_rounding)
        if args.json:
            from mmsrkd.apis.json_file import write_json
            from mmsrkd.apis.provenance import provenance

            write_json(args.json, {**figures(done), **provenance()})


def say(done: Quantised, rounding: str) -> None:
    """Tell what was written, and what might make it better."""
    print(
        f"{done.path}: {done.rounded} weights and activations rounded, {len(done.in_float)} layers "
        f"in float; {done.agreement_db:.2f} dB to the float network on the {done.pictures} "
        "pictures of the calibration"
    )
    if done.weight_rounding != rounding:
        print("weights are rounded to the nearest: together they came out farther away")
    if done.balanced:
        print(f"channels evened out in front of {', '.join(done.balanced)}")
    if done.uneven:
        where = ", ".join(done.uneven)
        print(f"a few channels are much larger than the rest in front of {where}: try --balance")
    if done.fine:
        print(f"inputs in two parts: {', '.join(done.fine)}")
    if done.costs:
        from mmsrkd.apis.sensitivity import cost_table

        print(cost_table(done.costs))


def figures(done: Quantised) -> dict[str, Any]:
    """What ``--json`` keeps."""
    return {
        "quantize/file": done.path.name,
        "quantize/scheme": done.generator["scheme"],
        "quantize/pictures": done.pictures,
        "quantize/agreement_db": done.agreement_db,
        "quantize/weight_rounding": done.weight_rounding,
        "quantize/rounded": done.rounded,
        "quantize/layers_in_float": list(done.in_float),
        "quantize/balanced": list(done.balanced),
        "quantize/fine": list(done.fine),
        "quantize/costs": [asdict(cost) for cost in done.costs],
    }


def fine_share(args: argparse.Namespace) -> float | None:
    """The share that ``--fine auto`` or ``--fine auto:SHARE`` means; None without it."""
    asked = [pattern for pattern in args.fine if pattern.partition(":")[0] == "auto"]
    if not asked:
        return None
    from mmsrkd.apis.quantize import FINE_SHARE

    text = asked[-1].partition(":")[2] or str(FINE_SHARE)
    try:
        share = float(text)
    except ValueError:
        share = 0.0
    if not 0 < share <= 1:
        raise ValueError(f"--fine auto:{text}: take a share above 0 and up to 1, such as auto:0.05")
    return share


def scheme_of(args: argparse.Namespace, config: Config) -> dict[str, Any]:
    """The arguments of `mmsrkd.quantization.build_scheme` that the flags mean.

    They change the scheme that the config trains with, unless a preset is named.
    """
    # plain dictionaries: a file with mmengine's own would be refused as unsafe
    trained = config.to_dict().get("quantization", {}).get("scheme", {})
    scheme: dict[str, Any] = {"preset": args.preset or "cpu", "calibration": "percentile"}
    scheme |= trained if args.preset is None else {}
    scheme.pop("learned_step", None)  # nothing is trained
    if args.method is not None:
        scheme["calibration"] = args.method
    if args.percentile is not None and scheme["calibration"] != "percentile":
        raise ValueError(
            f"--percentile is for --method percentile, not {scheme['calibration']}: drop it"
        )
    for name in ("weight_bits", "activation_bits", "percentile"):
        if getattr(args, name) is not None:
            scheme[name] = getattr(args, name)
    if args.weight_method is not None:
        scheme["weight_calibration"] = args.weight_method
    if args.power_of_two:
        scheme["power_of_two"] = True
    if args.float_sums:
        scheme["round_sums"] = False
    wishes = (
        (args.float, {"precision": "float"}),
        (args.eight_bits, {"weight_bits": 8}),
        ([p for p in args.fine if p.partition(":")[0] != "auto"], {"fine_input": True}),
        (args.balance or [], {"balance": True}),
    )
    overrides: dict[str, dict[str, Any]] = {}  # one for each pattern: the last that fits counts
    for patterns, wish in wishes:
        for pattern in patterns:
            overrides.setdefault(pattern, {"pattern": pattern}).update(wish)
    scheme["overrides"] = [*scheme.get("overrides", ()), *overrides.values()]
    return scheme


if __name__ == "__main__":
    main()
