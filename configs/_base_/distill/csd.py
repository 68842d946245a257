# CSD 2021: 1 L1(S, HR) + 200 contrast + 1 L1(T, HR), published for images of 0..255. The contrast
# is a ratio and does not depend on the range, the pixel losses here are 255 times smaller: so its
# weight is divided. VGG sees 0..255, as there.
range = 255
vgg = "{{$MMSRKD_VGG19:checkpoints/vgg19-dcbb9e9d.pth}}"
distill = dict(
    losses=dict(
        loss_contrast=dict(
            type="ImageContrastLoss",
            weight=200 / range,
            features=dict(
                type="VGG19Features", weights=vgg, image_range=float(range), normalise=False
            ),
            args=dict(student="student.out", teacher="wide.out", lr="lr"),
        ),
        loss_wide=dict(type="L1Loss", args=dict(pred="wide.out", target="gt")),
    )
)
