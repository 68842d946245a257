# What eight bits cost, by ranges alone and with the roundings trained along, in the runtimes that
# execute them: Tables 1, 2 and 4 of LGR-Net 2025 at reduced scale. Run it on an otherwise idle
# machine, since it takes times.
name = "quantization"
digits = 3
title = "INT8 in ONNX Runtime and OpenVINO"
intro = """\
Weights of 8 bits or, where a row says so, 4 between the first and the last layer, a scale for each
channel, 8-bit unsigned activations. Preset `cpu` rounds every result and runs in ONNX Runtime;
`openvino` adds in float, takes the input of the last one or two layers of LGR-Net-T, SPAN and RLFN
in two parts, balances eight inputs of SPAN and of RLFN, and runs in OpenVINO and ONNX Runtime. PSNR
is that of PyTorch with the roundings, and the section "Deployment" has what the runtime adds to it.
PTQ: ranges alone, from the training crops; with GPTQ, weights are rounded so that their errors
cancel in what a layer gives for these crops, at no cost in the runtime. QAT: 2,000 steps from the
float weights (Table 4: 4,000, 4-bit weights: 1,200, their scales learnt) on small sets; +KD: taught
by the float network (Eq. 7); without truth: its image takes the place of the truth, which on small
sets is not what a published network was trained on. LGR-Net-T is the published one, SPAN and RLFN
official; those of Table 4 were trained for 20,000 steps on small sets. Small LGR-Net-T: the same
network distilled for 6,000 steps, whatever its activation (Table 1) and residuals (Table 2), QAT+KD
1,000. Times with one thread were taken beside a training, those with two on an idle machine.

What came out: without training, GPTQ brings LGR-Net-T nearer to float (-.010 on Set5) than QAT with
a teacher does (-.019), and 4-bit weights to -.10 from -.82. A teacher halves what QAT loses
(-.037), where the paper has a tenth: in these layouts QAT alone loses little, and on Urban100 it
gains by the truth. The official RLFN loses as little by GPTQ (-.06, -.05, -.03, -.10) as trained
along, the official SPAN less on Set5 (-.06, trained along -.10) and more on Urban100 (-.19, -.09).
Networks that were trained on these very sets are best with the truth alone (ESPCN, XLSR, FSRCNN).
FSRCNN loses most, and mostly by four inputs: with those in two parts GPTQ alone brings it nearer
than QAT. The runtimes give what PyTorch does, to .01 dB on every set, but for RLFN with the nearest
weights (.014 on Set5 in ONNX Runtime, where PyTorch without oneDNN differs from itself by more).
Table 1, mean of two seeds on Set5: by ranges alone LeakyReLU loses least (.06, PReLU .10, SiLU .13,
of which one network .25 and the other .01), as in the paper, and it is the fastest in int8 (LGR-Net
on an idle machine 16.8 ms, SiLU 23.8, PReLU 26.4: [runtimes](runtimes.md)); taught, LeakyReLU and
SiLU lose the same (.006 and .004), PReLU .02. Table 2: in 6,000 steps the picture as residual gets
farthest, and without a global residual the network hardly begins."""
data, weights = "{{$MMSRKD_DATA:data}}", "{{$MMSRKD_WEIGHTS:weights/official}}"
crops = f"{data}/train/DIV2K_val_crops256"
backends = dict(cpu=["onnxruntime"], openvino=["openvino", "onnxruntime"])
files = {
    preset: dict(
        backend=backend,
        precision="int8",
        latency_shape=(1, 3, 180, 320),
        latency_runs=10,
        budget_db=0.05,
        sets={name: f"{data}/sr/{name}/HR" for name in ("Set5", "Set14", "BSD100", "Urban100")},
    )
    for preset, backend in backends.items()
}
ranges = {
    preset: dict(
        preset=preset,
        weight_bits=8,
        calibration="percentile",
        round_sums=preset != "openvino",
        images=crops,
    )
    for preset in backends
}
# what the stages of these networks ask for with the preset openvino
fine = {
    "lgrnet": [
        *(dict(pattern=pattern, fine_input=True) for pattern in ("tail.0", "upsampler.0")),
        dict(pattern="body.*.conv1", balance=True),
    ],
    "rlfn": [
        *(
            dict(pattern=pattern, fine_input=True, balance=True)
            for pattern in ("conv_2", "upsampler.0")
        ),
        dict(pattern="block_?.c5", balance=True),
    ],
    "span": [
        dict(pattern="conv_cat", balance=True, fine_input=True),
        dict(pattern="upsampler.0", fine_input=True),
        dict(pattern="block_1.c2_r*", balance=True),
        dict(pattern="block_?.c1_r*", balance=True),
    ],
}
# network -> group, float network
given = {
    "lgrnet": (
        "LGR-Net-T",
        dict(
            config="configs/lgrnet/lgrnet_x2_small.py",
            checkpoint="weights/lgrnet_x2_T-32a4948c.safetensors",
        ),
    ),
    "span": (
        "SPAN",
        dict(config="configs/span/span-c48_x2.py", checkpoint="span-ncnn:spanx2_ch48"),
    ),
    "rlfn": ("RLFN", dict(config="configs/rlfn/rlfn_x2.py", checkpoint=f"{weights}/rlfn_x2.pth")),
}
trained = dict(fsrcnn="FSRCNN", espcn="ESPCN", xlsr="XLSR", bicubicpp="Bicubic++")
networks = given | {
    network: (
        title_,
        dict(stages=f"configs/{network}/{network}_qat_x2_small_stages.py", stage="float", seed=0),
    )
    for network, title_ in trained.items()
}
methods = {"qat": "QAT", "qat-kd": "QAT+KD", "qat-kd-no-truth": "QAT+KD without truth"}
# a training of the latter two takes an hour of one core
few = {"span": ["qat-kd"], "rlfn": ["qat-kd-no-truth"]}
runs = []
for network, (called, source) in networks.items():
    seeded = "_seed0" if "seed" in source else ""
    runs.append(dict(source, name=network + seeded, group=called))
    for preset in backends if network in given else ("openvino",):
        common = dict(against=called, export=files[preset])
        runs.append(
            dict(
                source,
                **common,
                name=f"{network}-ptq-{preset}{seeded}",
                group=f"{called}, PTQ, {preset}",
                quantize=dict(
                    ranges[preset],
                    balance=preset == "cpu" and network == "span",
                    overrides=fine.get(network, []) if preset == "openvino" else [],
                ),
            )
        )
        runs.append(
            dict(
                source,
                **common,
                name=f"{network}-gptq-{preset}{seeded}",
                group=f"{called}, PTQ with GPTQ, {preset}",
                quantize=dict(runs[-1]["quantize"], weight_rounding="gptq"),
            )
        )
        for method, spelt in methods.items():
            if method not in few.get(network, methods):
                continue
            if method.endswith("truth") and network not in given:
                continue  # trained on these sets, they know this truth
            if preset == "cpu" and (network in few or method.endswith("truth")):
                continue
            for seed in (0, 1) if network == "lgrnet" else (0,):
                runs.append(
                    dict(
                        common,
                        name=f"{network}-{method}-{preset}_seed{seed}",
                        group=f"{called}, {spelt}, {preset}",
                        stages=f"configs/{network}/{network}_qat_x2_small_stages.py",
                        stage=f"{method}-{preset}",
                        seed=seed,
                    )
                )
# the four inputs of FSRCNN that cost most (tools/quantize.py --sensitivity), its last layer's first
runs += [
    dict(
        run,
        name="fsrcnn-gptq-fine-openvino_seed0",
        group="FSRCNN, PTQ with GPTQ, four inputs in two parts, openvino",
        quantize=dict(
            run["quantize"],
            overrides=[
                dict(pattern=pattern, fine_input=True)
                for pattern in ("last_part", "mid_part.0", "mid_part.2", "mid_part.4")
            ],
        ),
    )
    for run in runs
    if run["name"] == "fsrcnn-gptq-openvino_seed0"
]
# four bits for the weights between the first and the last layer
four = fine["lgrnet"] + [
    dict(pattern="head.0", weight_bits=8),
    dict(pattern="upsampler.0", weight_bits=8, fine_input=True),
]
common = dict(against="LGR-Net-T", export=files["openvino"])
runs += [
    dict(
        given["lgrnet"][1],
        **common,
        name="lgrnet-ptq-w4-openvino",
        group="LGR-Net-T, PTQ, 4-bit weights, openvino",
        quantize=dict(ranges["openvino"], weight_bits=4, weight_calibration="mse", overrides=four),
    ),
]
runs.append(
    dict(
        runs[-1],
        name="lgrnet-gptq-w4-openvino",
        group="LGR-Net-T, PTQ with GPTQ, 4-bit weights, openvino",
        quantize=dict(runs[-1]["quantize"], weight_rounding="gptq"),
    )
)
runs += [
    dict(
        common,
        name=f"lgrnet-qat-kd-w4-openvino_seed{seed}",
        group="LGR-Net-T, QAT+KD, 4-bit weights, openvino",
        stages="configs/lgrnet/lgrnet_qat_x2_small_stages.py",
        stage="qat-kd-w4-openvino",
        seed=seed,
    )
    for seed in (0, 1)
]
# Table 1 with two seeds and the roundings trained along, Table 2 with one and by ranges alone
activations = {"leaky": "LeakyReLU", "prelu": "PReLU", "silu": "SiLU"}
residuals = {
    "image": "picture as global residual",
    "no-local": "no local residual",
    "no-global": "no global residual",
    "no-residual": "no residual",
}
for switch, spelt in (activations | residuals).items():
    common = dict(stages="configs/lgrnet/lgrnet_switches_x2_small_stages.py")
    seeded = "_seed0" if switch in residuals else ""
    if seeded:
        common["seed"] = 0
    called = f"small LGR-Net-T, {spelt}"
    runs.append(dict(common, name=switch + seeded, group=called, stage=f"{switch}-float"))
    of = dict(against=called, export=files["openvino"])
    runs.append(
        dict(
            common | of,
            name=f"{switch}-ptq-openvino{seeded}",
            group=f"{called}, PTQ, openvino",
            stage=f"{switch}-float",
            quantize=dict(ranges["openvino"], overrides=fine["lgrnet"]),
        )
    )
    if switch in activations:
        runs.append(
            dict(
                common | of,
                name=f"{switch}-qat-kd-openvino",
                group=f"{called}, QAT+KD, openvino",
                stage=f"{switch}-qat-kd-openvino",
            )
        )
