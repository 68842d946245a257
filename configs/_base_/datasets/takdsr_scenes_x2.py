# The rendered scenes of TAKDSR, all under $MMSRKD_DATA/cg: trained on Spring (37 scenes, 5,000 left
# frames), tested on BMFR (6 scenes) and Tungsten (8), one test set per scene: its tables have a
# column for each. A scene is a folder of frames (or one picture); rename those of your copy.
# RGB alpha blending comes after flips and transposition, which together make the rotations.
data_root = "{{$MMSRKD_DATA:data}}"
train_dataloader = dict(
    batch_size=16,  # not given; PISR's
    num_workers=8,
    persistent_workers=True,
    sampler=dict(type="ResumableInfiniteSampler"),
    dataset=dict(
        type="SceneDataset",
        data_root=data_root,
        folder="cg/Spring/train",
        frames="frame_left",
        scale=2,
        lr_patch=96,
        augment=[dict(type="RGBAlphaBlend")],
    ),
)
scenes = {
    "BMFR": (
        *("classroom", "living-room", "san-miguel", "sponza", "sponza-glossy"),
        "sponza-moving-light",
    ),
    "Tungsten": (
        *("classroom", "living-room", "living-room-2", "living-room-3", "kitchen", "dining-room"),
        *("staircase", "bedroom"),
    ),
}
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
            folder=f"cg/{name}",
            scenes=scene,
            name=f"{name}:{scene}",
            scale=2,
            test_mode=True,
        ),
    )
    for name in scenes
    for scene in scenes[name]
]
test_evaluator = [
    dict(
        type="Evaluator",
        metrics=[
            dict(type=f"Restoration{kind}", scale=2, convert_to=colour, prefix=f"{name}:{scene}")
            for colour in ("Y", None)
            for kind in ("PSNR", "SSIM")
        ],
    )
    for name in scenes
    for scene in scenes[name]
]
