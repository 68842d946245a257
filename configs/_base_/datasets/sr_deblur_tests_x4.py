# Both tasks and both spectra in one run, as in the paper's tables, and what the model is for:
# super-resolution of blurred images. tools/test.py leaves out the sets that are not there.
#   Urban100, VGTSR                 super-resolution x4 (visible: Y; infrared: grey)
#   Urban100_blurred, GoPro_x4      the same of blurred input: synthetic blur, the camera's own
#   GoPro, VGTDB                    deblurring (visible: RGB; infrared: grey)
data_root = "{{$MMSRKD_DATA:data}}"
load = [dict(type="LoadCheckedImage", key="gt"), dict(type="LoadCheckedImage", key="img")]
pack = dict(type="PackInputs", meta_keys=["gt_is_grey", "task"])
deblur = [
    *load,
    dict(type="CheckPair"),
    dict(type="SetValues", dictionary=dict(task="deblur")),
    pack,
]
sr = dict(type="SetValues", dictionary=dict(task="sr"))
blur = dict(type="RandomMotionBlur", keys=["img"], file_seed=0)
of_hr = [dict(type="LoadCheckedImage", key="gt"), dict(type="GenerateLR")]
gopro = dict(
    type="PairedSRDataset",
    gt_folder="deblur/GoPro/test/sharp",
    img_folder="deblur/GoPro/test/blur",
    recursive=True,
    prepared_by="tools/dataset_converters/prepare_gopro.py",
)
sets = [
    dict(type="BenchmarkDataset", name="Urban100", scale=4, pipeline=[*of_hr, sr, pack]),
    dict(type="BenchmarkDataset", name="Urban100", scale=4, pipeline=[*of_hr, blur, sr, pack]),
    dict(gopro, name="GoPro_x4", scale=4, pipeline=[*load, dict(type="ReduceImages"), sr, pack]),
    dict(gopro, name="GoPro", scale=1, pipeline=deblur),
    dict(type="BenchmarkDataset", name="VGTSR", scale=4, pipeline=[*of_hr, sr, pack]),
    dict(
        type="PairedSRDataset",
        name="VGTDB",
        gt_folder="deblur/VGTDB/test/sharp",
        img_folder="deblur/VGTDB/test/blur",
        scale=1,
        prepared_by="tools/dataset_converters/prepare_vgtsr.py",
        pipeline=deblur,
    ),
]
names = ["Urban100", "Urban100_blurred", "GoPro_x4", "GoPro", "VGTSR", "VGTDB"]
measured = ["Y", "Y", "Y", None, "grey", "grey"]
test_cfg = dict(type="MultiTestLoop")
test_dataloader = [
    dict(
        batch_size=1,
        num_workers=0,
        persistent_workers=False,
        sampler=dict(type="DefaultSampler", shuffle=False),
        dataset=dict(entry, data_root=data_root, test_mode=True, lazy_init=True),
    )
    for entry in sets
]
test_evaluator = [
    dict(
        type="Evaluator",
        metrics=[
            dict(type=f"Restoration{kind}", scale=entry["scale"], convert_to=colour, prefix=name)
            for kind in ("PSNR", "SSIM")
        ],
    )
    for entry, name, colour in zip(sets, names, measured, strict=True)
]
