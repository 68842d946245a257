# Fourteen renders of $MMSRKD_DATA/cg/mitsuba_gallery, one picture a scene: nine to train on, and
# the five whose scenes the TAKDSR paper tests too, one test set each. Far too few for a claim.
data_root = "{{$MMSRKD_DATA:data}}"
held_out = ["bedroom", "classroom", "kitchen", "living-room-2", "staircase"]
train_dataloader = dict(
    batch_size=8,
    num_workers=0,
    persistent_workers=False,
    sampler=dict(type="ResumableInfiniteSampler"),
    dataset=dict(
        type="SceneDataset",
        data_root=data_root,
        folder="cg/mitsuba_gallery",
        leave_out=held_out,
        scale=2,
        lr_patch=32,
        cache_mb=96,
        augment=[dict(type="RGBAlphaBlend")],
    ),
)
test_cfg = dict(type="MultiTestLoop")
test_dataloader = [
    dict(
        batch_size=1,
        num_workers=0,
        persistent_workers=False,
        sampler=dict(type="DefaultSampler", shuffle=False),
        dataset=dict(
            type="SceneDataset",
            data_root=data_root,
            folder="cg/mitsuba_gallery",
            scenes=scene,
            name=scene,
            scale=2,
            test_mode=True,
        ),
    )
    for scene in held_out
]
test_evaluator = [
    dict(
        type="Evaluator",
        metrics=[
            dict(type=f"Restoration{kind}", scale=2, convert_to=colour, prefix=scene)
            for colour in ("Y", None)
            for kind in ("PSNR", "SSIM")
        ],
    )
    for scene in held_out
]
