# PISR', the paper's baseline: no assistant, compact features not discretised.
stages = dict(
    teacher=dict(config="pan_pisr-teacher_x2.py"),
    student=dict(config="pan_pisr-student_x2.py"),
)
