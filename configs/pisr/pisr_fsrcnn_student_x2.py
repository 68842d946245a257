# Step 2 of PISR as published: FSRCNN begins with the teacher's and learns its features, fed the LR
# image alone. The tap is what the code calls `expanding`: what enters the transposed convolution.
# Without a teacher, this is fsrcnn-y_x2.py with prelu="single".
_base_ = ["../fsrcnn/fsrcnn-y_x2.py"]
model = dict(
    type="DistillEditModel",
    generator=dict(network=dict(prelu="single")),
    distill=dict(
        teachers=dict(teacher=dict(checkpoint="{stage:teacher}", input="gt")),
        taps=dict(
            student=dict(expanding="network.mid_part"),
            teacher=dict(expanding="decoder.network.mid_part"),
        ),
        losses=dict(
            loss_vid=dict(
                type="VIDLoss",
                weight=1e-6,
                in_channels=56,
                out_channels=56,
                args=dict(student="student.expanding", teacher="teacher.expanding"),
            )
        ),
    ),
)
init_from = dict(checkpoint="{stage:teacher}", prefix="decoder.")
