_base_ = ["lgrnet_kd_x2.py"]
model = dict(distill=dict(losses=dict(loss_local=dict(weight=0.0))))
