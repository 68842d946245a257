_base_ = ["lgrnet_kd_x2.py"]
model = dict(generator=dict(activation="prelu"))
