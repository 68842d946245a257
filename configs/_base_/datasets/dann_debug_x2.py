# Two source and two target patches of 16x16 a step, in grey, both from pictures inside
# scikit-image: it shows that adaptation runs and nothing else.
_base_ = "./debug_x2.py"

source = _base_.train_dataloader.dataset
grey = dict(type="EqualGrey", keys=["img", "gt"])
train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type="DomainPairDataset",
        source=dict(source, pipeline=[*source.pipeline[:-1], grey, source.pipeline[-1]]),
        target=dict(source, indices=5, pipeline=[*source.pipeline[:-1], grey, source.pipeline[-1]]),
    )
)
