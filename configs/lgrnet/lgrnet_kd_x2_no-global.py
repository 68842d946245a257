_base_ = ["lgrnet_kd_x2.py"]
model = dict(distill=dict(losses=dict(loss_global=dict(weight=0.0))))
