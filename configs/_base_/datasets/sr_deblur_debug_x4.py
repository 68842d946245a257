# Two blurred LR patches of 16x16 a step with the truths of both tasks, from pictures inside
# scikit-image, written on first use.
_base_ = "./debug_x2.py"

images = ["img", "gt", "gt_deblur"]
train_dataloader = dict(
    dataset=dict(
        scale=4,
        pipeline=[
            *_base_.train_dataloader.dataset.pipeline[:3],
            dict(type="CopyValues", src_keys=["img"], dst_keys=["gt_deblur"]),
            dict(type="RandomMotionBlur", keys=["img"], prob=0.5, shortest=3, longest=9),
            dict(type="Flip", keys=images, direction="horizontal"),
            dict(type="RandomTransposeHW", keys=images),
            dict(type="PackInputs", data_keys=["gt_deblur"]),
        ],
    ),
)
