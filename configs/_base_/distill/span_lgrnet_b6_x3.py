# No package carries SPAN x3: put the authors' spanx3_ch48.pth (or one you trained) where
# `checkpoint` says.
_base_ = ["span_lgrnet_b6.py"]
distill = dict(
    teachers=dict(
        teacher=dict(
            generator=dict(type="SPAN", channels=48, scale=3),
            checkpoint="checkpoints/spanx3_ch48.pth",
        )
    )
)
