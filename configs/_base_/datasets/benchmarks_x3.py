_base_ = "./benchmarks_x2.py"

test_dataloader = [
    dict(loader, dataset=dict(loader.dataset, scale=3)) for loader in _base_.test_dataloader
]
test_evaluator = [
    dict(evaluator, metrics=[dict(metric, scale=3) for metric in evaluator.metrics])
    for evaluator in _base_.test_evaluator
]
