# The shapes meet on the student's side: a learnt 1x1 convolution lifts its 24 channels to SPAN's
# 48, instead of averaging SPAN's channels in pairs. It is thrown away with the rest of the block
# after training.
_base_ = ["span_lgrnet_b4.py"]
distill = dict(
    adapters=dict(
        _delete_=True,
        R=dict(type="Conv1x1", on="student.[lf]*", in_channels=24, out_channels=48),
    ),
    losses=dict(
        loss_local=dict(args=dict(student="R.local*", teacher="teacher.local*")),
        loss_global=dict(args=dict(student="R.fused", teacher="teacher.fused")),
    ),
)
