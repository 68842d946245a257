# The student begins with the teacher's weights and is taught no further: what is the start worth?
_base_ = ["rlfn_no-kd_x2.py"]
init_from = dict(checkpoint="{stage:teacher}", prefix="decoder.")
