# Both tasks and both spectra on small sets: see sr_deblur_tests_x4.py. REDS is blurred by the
# camera; the other blur is synthetic, the same in every test.
_base_ = "./sr_deblur_tests_x4.py"

blur = dict(_base_.blur, shortest=3, longest=13)
copied = dict(type="CopyValues", src_keys=["gt"], dst_keys=["img"])
as_img = dict(
    type="SetValues",
    dictionary=dict(img_channel_order="rgb", img_color_type="color", task="deblur"),
)
blurred = [_base_.of_hr[0], copied, blur, as_img, _base_.pack]
road = dict(
    type="GeneratedSRDataset",
    folders=["thermal/RoadScene"],
    indices=list(range(19, 29)),  # the others are trained on
)
bsd = dict(type="BenchmarkDataset", name="BSD100")
reds = dict(
    type="PairedSRDataset",
    gt_folder="deblur/REDS_320x180/sharp",
    img_folder="deblur/REDS_320x180/blur",
)
sets = [
    dict(bsd, scale=4, pipeline=[*_base_.of_hr, _base_.sr, _base_.pack]),
    dict(bsd, scale=4, pipeline=[*_base_.of_hr, blur, _base_.sr, _base_.pack]),
    dict(
        reds,
        name="REDS_x4",
        scale=4,
        pipeline=[*_base_.load, dict(type="ReduceImages"), _base_.sr, _base_.pack],
    ),
    dict(bsd, scale=1, pipeline=blurred),
    dict(reds, name="REDS", scale=1, pipeline=_base_.deblur),
    dict(road, name="Road", scale=4, pipeline=[*_base_.of_hr, _base_.sr, _base_.pack]),
    dict(road, name="Road_deblur", scale=1, pipeline=blurred),
]
names = ["BSD100", "BSD100_blurred", "REDS_x4", "BSD100_deblur", "REDS", "Road", "Road_deblur"]
measured = ["Y", "Y", "Y", None, None, "grey", "grey"]
test_dataloader = [
    dict(
        _base_.test_dataloader[0],
        dataset=dict(entry, data_root=_base_.data_root, test_mode=True, lazy_init=True),
    )
    for entry in sets
]
test_evaluator = [
    dict(
        type="Evaluator",
        # in Y too where the task's own measure is RGB, so that both tasks have a mean
        metrics=[
            dict(type=f"Restoration{kind}", scale=entry["scale"], convert_to=channels, prefix=name)
            for kind in ("PSNR", "SSIM")
            for channels in ([None, "Y"] if colour is None else [colour])
        ],
    )
    for entry, name, colour in zip(sets, names, measured, strict=True)
]
