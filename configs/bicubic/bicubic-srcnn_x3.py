_base_ = "./bicubic-srcnn_x2.py"

model = dict(generator=dict(scale=3))

test_dataloader = [
    dict(loader, dataset=dict(loader.dataset, scale=3)) for loader in _base_.test_dataloader
]
test_evaluator = [
    dict(evaluator, metrics=[dict(metric, scale=3) for metric in evaluator.metrics])
    for evaluator in _base_.test_evaluator
]
