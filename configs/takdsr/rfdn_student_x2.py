# Stage 3 of TAKDSR for RFDN: one block, shortened to one stage.
_base_ = ["rlfn_student_x2.py"]
# Of the joining convolutions: the part of the first of four blocks (c), and in it what the first of
# three stages puts aside and the last convolution makes (B1.c5).
init_from = dict(inputs={"c.0": [[0, 50]], "B1.c5": [[0, 25], [75, 100]]})
model = dict(generator=dict(_delete_=True, type="RFDN", num_blocks=1, num_stages=1, scale=2))
