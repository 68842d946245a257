# PISR: python tools/run_stages.py configs/pisr/pisr_fsrcnn_x2_stages.py
stages = dict(
    teacher=dict(config="pisr_fsrcnn_teacher_x2.py"),
    student=dict(config="pisr_fsrcnn_student_x2.py"),
)
