_base_ = ["lgrnet_x2.py"]
model = dict(generator=dict(local_residual=True, global_residual="none"))
