# Step 1 of PISR as published: an encoder squeezes the truth to LR size, FSRCNN restores it, all on
# Y. A weak pull keeps what the encoder makes an image that looks like the LR one, so that FSRCNN's
# weights are of use to a student that is fed the latter.
_base_ = ["../fsrcnn/fsrcnn-y_x2.py"]
model = dict(
    type="PrivilegedEditModel",
    input="gt",
    generator=dict(
        _delete_=True,
        type="PrivilegedSR",
        encoder=dict(luma=True, skip="none"),
        discretise=False,
        decoder=dict(
            type="LumaOnly",
            network=dict(type="FSRCNN", in_channels=1, out_channels=1, scale=2, prelu="single"),
        ),
        scale=2,
    ),
    distill=dict(
        taps=dict(student=dict(compact="compact")),
        losses=dict(
            loss_imitation=dict(
                type="LumaLoss",
                weight=1e-4,
                loss=dict(type="L1Loss"),
                args=dict(pred="student.compact", target="lr"),
            )
        ),
    ),
)
