# sr_deblur_debug_x4.py with the same pictures in grey for infrared.
_base_ = "./sr_deblur_debug_x4.py"

source = _base_.train_dataloader.dataset
grey = dict(type="EqualGrey", keys=["img", "gt", "gt_deblur"])
train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type="DomainPairDataset",
        source=source,
        target=dict(source, indices=5, pipeline=[*source.pipeline[:-1], grey, source.pipeline[-1]]),
    )
)
