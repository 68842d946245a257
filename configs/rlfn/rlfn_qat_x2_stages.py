# Float training, then quantisation-aware training without and with the float network as teacher.
stages = {
    "float": dict(config="rlfn_x2.py"),
    "qat": dict(config="rlfn_qat_x2.py"),
    "qat-kd": dict(config="rlfn_qat_kd_x2.py"),
}
