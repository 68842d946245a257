# Visible light for source, infrared for target, x4, small: the training crops, and nineteen road
# scenes whose truth is not used.
# Tested on both: benchmarks, and the ten other road scenes and TNO, which are infrared (PSNR of the
# grey image).
# Three of four visible images are grey with three equal channels, as all infrared ones are: colour
# does not tell the domains apart, and the network goes on seeing some.
_base_ = ["./train_crops_x4.py", "./benchmarks_x4.py"]

source = _base_.train_dataloader.dataset
grey = dict(type="EqualGrey", keys=["img", "gt"], prob=0.75)
road = dict(source, folders=["thermal/RoadScene"])
train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type="DomainPairDataset",
        source=dict(source, pipeline=[*source["pipeline"][:-1], grey, source["pipeline"][-1]]),
        target=dict(road, indices=19),
    )
)
infrared = dict(
    Road=dict(road, indices=list(range(19, 29))), TNO=dict(road, folders=["thermal/TNO"])
)
pipeline = [
    dict(type="LoadCheckedImage", key="gt"),
    dict(type="GenerateLR"),
    dict(type="PackInputs", meta_keys=["gt_is_grey"]),
]
test_dataloader = _base_.test_dataloader + [
    dict(
        _base_.test_dataloader[0],
        dataset=dict(entry, name=name, test_mode=True, lazy_init=True, pipeline=pipeline),
    )
    for name, entry in infrared.items()
]
test_evaluator = _base_.test_evaluator + [
    dict(
        type="Evaluator",
        metrics=[
            dict(type=f"Restoration{kind}", scale=4, convert_to="grey", prefix=name)
            for kind in ("PSNR", "SSIM")
        ],
    )
    for name in infrared
]
