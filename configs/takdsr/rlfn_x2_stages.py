# TAKDSR: python tools/run_stages.py configs/takdsr/rlfn_x2_stages.py
stages = dict(
    teacher=dict(config="rlfn_teacher_x2.py"),
    assistant=dict(config="rlfn_assistant_x2.py"),
    student=dict(config="rlfn_student_x2.py"),
)
