# Stage 2 of TAKDSR for RFDN: two of four blocks.
_base_ = ["rlfn_assistant_x2.py"]
init_from = dict(inputs={"c.0": [[0, 100]]})  # the joining convolution's part of two blocks
model = dict(generator=dict(_delete_=True, type="RFDN", num_blocks=2, scale=2))
