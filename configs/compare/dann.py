# What gradient reversal does for a super-resolution network that has seen no infrared images.
name = "dann"
title = "Domain adaptation of LGR-Net, visible light to infrared"
baseline = "trained on visible light alone"
intro = """\
LGR-Net-T x4. "trained on" is the same number of steps more, on visible light; "adapted" has
infrared images beside it, without their truth; "with its truth" trains on that as well. Visible
test sets in Y, infrared ones (Road, TNO) in grey."""
stages = "configs/dann/lgrnet_x4_small_stages.py"
groups = {
    "source-only": "before",
    "continued": "trained on visible light alone",
    "dann": "adapted",
    "dann-ft": "adapted, with its truth",
}
runs = [
    dict(name=stage, group=group, stages=stages, stage=stage) for stage, group in groups.items()
]
