# LGR-Net without a teacher, the paper's recipe (DIV2K + LSDIR, batch 64, 500 epochs, lr 1e-4 on a
# cosine): the twin that every distilled run is compared with.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/div2k_lsdir_x2.py",
    "../_base_/datasets/benchmarks_x2.py",
    "../_base_/schedules/lgrnet_500e.py",
]
model = dict(generator=dict(type="LGRNet", preset="base", scale=2))
