# TAKDSR: python tools/run_stages.py configs/takdsr/pan_x2_stages.py
stages = dict(
    teacher=dict(config="pan_teacher_x2.py"),
    assistant=dict(config="pan_assistant_x2.py"),
    student=dict(config="pan_student_x2.py"),
)
