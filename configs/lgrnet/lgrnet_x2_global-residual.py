_base_ = ["lgrnet_x2.py"]
model = dict(generator=dict(local_residual=False, global_residual="add"))
