# ONNX with batch, height and width free. The file holds the network alone: RGB [0, 1] in and out.
onnx_config = dict(
    type="onnx",
    export_params=True,
    keep_initializers_as_inputs=False,
    opset_version=17,
    save_file="end2end.onnx",
    input_names=["input"],
    output_names=["output"],
    input_shape=None,
    optimize=False,  # mmdeploy's passes need its compiled TorchScript library
    dynamic_axes=dict(
        input={0: "batch", 2: "height", 3: "width"},
        # other names: ONNX Runtime reuses buffers of sizes that are named alike
        output={0: "batch", 2: "out_height", 3: "out_width"},
    ),
)
codebase_config = dict(
    type="mmsrkd",
    task="SuperResolution",
    model_type="end2end",
    module=["mmsrkd.deploy"],  # importing it makes mmdeploy know this codebase
)
# mmdeploy converts in a process that may not have heard of the codebase yet
custom_imports = dict(imports=["mmsrkd.deploy"], allow_failed_imports=False)
