# Official weights of the zoo, read from files that their authors publish: put them in one folder
# and name it in $MMSRKD_WEIGHTS.
name = "zoo"
title = "Official weights, converted"
intro = """
Authors' weights through `tools/test.py`, which converts them on loading. Where published figures
exist, docs/model_zoo.md shows both side by side. BSD100 (50 images) and Urban100 (20) are the parts
that the data folder holds; Set5 and Set14 are whole.
"""
files = {
    "rlfn/rlfn_x2": "rlfn_x2.pth",
    "rlfn/rlfn_x4": "rlfn_x4.pth",
    "pan/pan_x2": "PANx2.pth",
    "rfdn/rfdn_x4": "RFDN_AIM.pth",
}
runs = [
    dict(
        name=config.partition("/")[2],
        group=config.partition("/")[2],
        config=f"configs/{config}.py",
        checkpoint="{{$MMSRKD_WEIGHTS:weights/official}}" + f"/{file}",
    )
    for config, file in files.items()
]
