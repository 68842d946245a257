# The paper's chain: python tools/run_stages.py configs/sr_deblur/sr-deblur_x4_stages.py
# SPAN's branches go on training from stage to stage, so that they are published unmerged.
whole = dict(deploy=False)
# put together and left as it is: one step of no length
assembled = {"train_cfg.max_iters": 1, "optim_wrapper.optimizer.lr": 0.0}
stages = {
    "mimo-unet": dict(config="../mimo_unet/mimo-unet_x1.py"),
    "mimo-unet-c16": dict(config="../mimo_unet/mimo-unet-c16_x1.py"),
    "span": dict(whole, config="sr-deblur_span_x4.py"),
    "span-sharp": dict(whole, config="sr-deblur_span-sharp_x4.py"),
    "mimo-unet-c24": dict(
        config="../mimo_unet/mimo-unet_x1.py", options={"model.generator.channels": 24}
    ),
    "cascade": dict(whole, config="sr-deblur_cascade_x4.py", options=assembled),
    "cascade-tuned": dict(whole, config="sr-deblur_cascade_x4.py"),
    "phase1": dict(whole, config="sr-deblur_phase1_x4.py"),
    "phase2": dict(whole, config="sr-deblur_phase2_x4.py"),
    "single-phase": dict(whole, config="sr-deblur_single-phase_x4.py"),
    "continued": dict(whole, config="sr-deblur_continued_x4.py"),
    "dann": dict(whole, config="sr-deblur_dann_x4.py"),
    "dann-finetuned": dict(whole, config="sr-deblur_dann-finetuned_x4.py"),
    "student": dict(whole, config="sr-deblur_student_x4.py"),
    "student-no-teacher": dict(whole, config="sr-deblur_student-no-teacher_x4.py"),
}
