# The 1,111 test images of GoPro, sorted as those for training. RGB, no border cut off, as is usual
# for deblurring.
test_cfg = dict(type="MultiTestLoop")
test_dataloader = [
    dict(
        batch_size=1,
        num_workers=0,
        persistent_workers=False,
        sampler=dict(type="DefaultSampler", shuffle=False),
        dataset=dict(
            type="PairedSRDataset",
            data_root="{{$MMSRKD_DATA:data}}",
            gt_folder="deblur/GoPro/test/sharp",
            img_folder="deblur/GoPro/test/blur",
            recursive=True,
            prepared_by="tools/dataset_converters/prepare_gopro.py",
            scale=1,
            test_mode=True,
            lazy_init=True,
            pipeline=[
                dict(type="LoadCheckedImage", key="gt"),
                dict(type="LoadCheckedImage", key="img"),
                dict(type="CheckPair"),
                dict(type="PackInputs", meta_keys=["gt_is_grey"]),
            ],
        ),
    )
]
test_evaluator = [
    dict(
        type="Evaluator",
        metrics=[
            dict(type="RestorationPSNR", scale=1, convert_to=None, prefix="GoPro"),
            dict(type="RestorationSSIM", scale=1, convert_to=None, prefix="GoPro"),
        ],
    )
]
