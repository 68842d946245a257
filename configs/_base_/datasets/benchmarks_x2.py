# The five published test sets, each with its own dataloader and evaluator; result keys such as
# Set5/PSNR_Y. tools/test.py leaves out the sets that are not under the data root and names them.
benchmarks = ("Set5", "Set14", "BSD100", "Urban100", "Manga109")
test_cfg = dict(type="MultiTestLoop")
test_dataloader = [
    dict(
        batch_size=1,
        num_workers=0,
        persistent_workers=False,
        sampler=dict(type="DefaultSampler", shuffle=False),
        dataset=dict(
            type="BenchmarkDataset", data_root="{{$MMSRKD_DATA:data}}", name=name, scale=2
        ),
    )
    for name in benchmarks
]
test_evaluator = [
    dict(
        type="Evaluator",
        metrics=[
            dict(type="RestorationPSNR", scale=2, convert_to="Y", prefix=name),
            dict(type="RestorationSSIM", scale=2, convert_to="Y", prefix=name),
            dict(type="RestorationPSNR", scale=2, convert_to=None, prefix=name),
            dict(type="RestorationSSIM", scale=2, convert_to=None, prefix=name),
        ],
    )
    for name in benchmarks
]
