# Float training, then quantisation-aware training without and with the float network as teacher.
stages = {
    "float": dict(config="bicubicpp_x2.py"),
    "qat": dict(config="bicubicpp_qat_x2.py"),
    "qat-kd": dict(config="bicubicpp_qat_kd_x2.py"),
}
