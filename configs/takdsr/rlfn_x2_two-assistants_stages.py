# Table 8: two assistants.
stages = dict(
    teacher=dict(config="rlfn_teacher_x2.py"),
    assistant=dict(config="rlfn_assistant_x2.py", options={"model.input.shares": [0.6, 0.4]}),
    second=dict(config="rlfn_second-assistant_x2.py"),
    student=dict(config="rlfn_student-of-two_x2.py"),
)
