# Float training, then quantisation-aware training without and with the float network as teacher.
stages = {
    "float": dict(config="fsrcnn_x2.py"),
    "qat": dict(config="fsrcnn_qat_x2.py"),
    "qat-kd": dict(config="fsrcnn_qat_kd_x2.py"),
}
