# TAKDSR: python tools/run_stages.py configs/takdsr/rfdn_x2_stages.py
stages = dict(
    teacher=dict(config="rfdn_teacher_x2.py"),
    assistant=dict(config="rfdn_assistant_x2.py"),
    student=dict(config="rfdn_student_x2.py"),
)
