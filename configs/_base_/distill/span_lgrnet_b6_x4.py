_base_ = ["span_lgrnet_b6.py"]
distill = dict(teachers=dict(teacher=dict(checkpoint="span-ncnn:spanx4_ch48")))
