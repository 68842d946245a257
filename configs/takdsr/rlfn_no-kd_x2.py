# RLFN_s of TAKDSR by itself: the student (RLFN-S, one block with one convolution) on the same data.
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/takdsr_scenes_x2.py",
    "../_base_/schedules/takdsr.py",
]
model = dict(generator=dict(type="RLFN", channels=48, num_blocks=1, num_convs=1, scale=2))
