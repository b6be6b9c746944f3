"""RKNN: load a model, quantize, build, export, simulate.

    rknn = RKNN()
    rknn.config(mean_values=[[0, 0, 0]], std_values=[[255, 255, 255]], target_platform='rk3588')
    rknn.load_onnx(model='yolov5s.onnx')
    rknn.build(do_quantization=True, dataset='dataset.txt')
    rknn.export_rknn('yolov5s.rknn')
    rknn.init_runtime()
    outputs = rknn.inference(inputs=[picture])
    rknn.release()

Every method returns 0, or -1 after one logged sentence. The file is a .six file under any name; librknnrt of SixTOPS
and rknnlite.api.RKNNLite run it. The simulator computes what they compute, bit for bit.
"""
from __future__ import annotations

import os
from typing import Any, Optional, Sequence

import rknn.api.accuracy as accuracy
import rknn.api.codegen as code_generation
import rknn.api.custom_op as custom_operators
import rknn.api.hybrid as hybrid
from rknn.api.log import Log
from rknn.api.network import Network, Source, fixed_shapes, onnx_input_names
from rknn.api.settings import Settings, check_settings
from rknn.api.simulator import Layouts, Simulator
from rknn.api.step import StepError, board_only, step
from sixtops import __version__, _core

# The version of the vendor's tool whose interface this is.
COMPATIBLE_VERSION = "2.3.2"


class RKNN:
    NPU_CORE_AUTO = 0
    NPU_CORE_0 = 1
    NPU_CORE_1 = 2
    NPU_CORE_2 = 4
    NPU_CORE_0_1 = 3
    NPU_CORE_0_1_2 = 7
    NPU_CORE_ALL = 0xFFFF

    def __init__(self, verbose: bool = False, verbose_file: Optional[str] = None) -> None:
        self._log = Log(verbose, verbose_file)
        _core.set_log_handler(self._log.line)
        self._log.info(f"rknn-toolkit2 version: {COMPATIBLE_VERSION} (SixTOPS {__version__})")
        self._settings: Optional[Settings] = None
        self._network: Optional[Network] = None
        self._six: Optional[bytes] = None
        self._conversion: Optional[_core.Conversion] = None
        self._dataset_samples: list[list[str]] = []
        self._simulator: Optional[Simulator] = None
        self._custom: dict[str, Any] = {}
        self._exported: Optional[str] = None

    @step()
    def release(self) -> int:
        self._network = self._settings = self._conversion = self._simulator = self._six = None
        self._custom = {}
        self._log.close()
        return 0

    @step()
    def config(
        self,
        mean_values: Optional[Sequence[Sequence[float]]] = None,
        std_values: Optional[Sequence[Sequence[float]]] = None,
        quantized_dtype: str = "w8a8",
        quantized_algorithm: str = "normal",
        quantized_method: str = "channel",
        quant_img_RGB2BGR: Any = False,
        target_platform: Optional[str] = None,
        float_dtype: str = "float16",
        optimization_level: int = 3,
        custom_string: Optional[str] = None,
        remove_weight: bool = False,
        compress_weight: bool = False,
        single_core_mode: bool = False,
        model_pruning: bool = False,
        op_target: Optional[dict[str, str]] = None,
        dynamic_input: Optional[Sequence[Any]] = None,
        quantize_weight: bool = False,
        remove_reshape: bool = False,
        sparse_infer: bool = False,
        enable_flash_attention: bool = False,
        auto_hybrid_cos_thresh: float = 0.98,
        auto_hybrid_euc_thresh: Optional[float] = None,
    ) -> int:
        given = {name: value for name, value in locals().items() if name != "self"}
        self._settings = check_settings(self._log, **given)
        return 0

    @step()
    def load_onnx(
        self,
        model: str,
        inputs: Optional[list[str]] = None,
        input_size_list: Optional[list[list[int]]] = None,
        input_initial_val: Optional[list[Any]] = None,
        outputs: Optional[list[str]] = None,
    ) -> int:
        source = Source(model, inputs=list(inputs or []), outputs=list(outputs or []))
        if inputs and not input_size_list:
            raise StepError("inputs needs input_size_list, with one size an input.")
        if input_size_list and inputs:
            source.shapes = fixed_shapes(inputs, input_size_list)
        elif input_size_list:
            source.shapes_in_order = [list(size) for size in input_size_list]
        if input_initial_val:
            names = inputs or onnx_input_names(model)
            if len(names) != len(input_initial_val):
                raise StepError(f"input_initial_val has {len(input_initial_val)} entries for {len(names)} inputs.")
            source.constants = {name: value for name, value in zip(names, input_initial_val) if value is not None}
            source.inputs = [name for name in source.inputs if name not in source.constants]
        return self._load(source)

    @step()
    def load_pytorch(self, model: str, input_size_list: Sequence[Sequence[int]]) -> int:
        return self._load(Source(model, shapes_in_order=[list(size) for size in input_size_list]))

    @step()
    def load_tensorflow(
        self,
        tf_pb: str,
        inputs: list[str],
        input_size_list: list[list[int]],
        outputs: list[str],
        input_is_nchw: bool = False,
    ) -> int:
        return self._load(Source(tf_pb, shapes=fixed_shapes(inputs, input_size_list), outputs=list(outputs)))

    @step()
    def load_tflite(self, model: str, input_is_nchw: bool = False) -> int:
        return self._load(Source(model))

    @step()
    def load_caffe(self, model: str, blobs: Optional[str] = None, input_name: Optional[list[str]] = None) -> int:
        return self._load(Source(model, companion=blobs, inputs=list(input_name or [])))

    @step()
    def load_darknet(self, model: str, weight: str) -> int:
        return self._load(Source(model, companion=weight))

    @step()
    def load_rknn(self, path: str) -> int:
        session = _core.Session.open_file(path)
        with open(path, "rb") as file:
            self._six = file.read()
        self._log.debug(f"{path}: {len(session.inputs)} inputs, {len(session.outputs)} outputs")
        self._network = self._conversion = self._simulator = None
        return 0

    def _load(self, source: Source) -> int:
        if self._settings is None:
            raise StepError("Please call rknn.config first.")
        network = Network(self._log, self._settings, source)
        network.custom_operators = {name: operator.compute for name, operator in self._custom.items()}
        custom_operators.state_shapes(network, self._custom)
        network.load()
        self._network, self._six, self._conversion, self._simulator = network, None, None, None
        return 0

    def _loaded(self) -> Network:
        if self._settings is None:
            raise StepError("Please call rknn.config first.")
        if self._network is None:
            raise StepError("Please load a model first, by one of the load_* methods except load_rknn.")
        return self._network

    def _built(self) -> bytes:
        if self._six is None:
            raise StepError("Please call rknn.build first.")
        return self._six

    @step()
    def build(
        self,
        do_quantization: bool = True,
        dataset: Optional[str] = None,
        rknn_batch_size: Optional[int] = None,
        auto_hybrid: bool = False,
    ) -> int:
        network = self._loaded()
        options: dict[str, Any] = {}
        if rknn_batch_size is not None:
            options["batch"] = int(rknn_batch_size)
        if network.settings.dynamic_input:
            self._log.warning(f"build: calibration uses the largest of the {len(network.settings.dynamic_input)} sets of "
                              "input shapes (MaxShape); all of them share its parameters.")
        if network.is_quantized:
            self._finish(network.convert("int8", **options))
            return 0
        if not do_quantization:
            self._finish(network.convert("float16", **options))
            return 0
        calibration = network.calibration(dataset)
        listed = calibration.write()
        options["keep_float"] = network.float_nodes_of_targets()
        conversion = network.convert("int8", listed, **options)
        if auto_hybrid:
            poor = hybrid.poor_layers(network, conversion, calibration)
            for name, cosine in poor:
                self._log.info(f"auto_hybrid: layer '{name}' becomes float, its cosine is {cosine:.5f}.")
            if poor:
                options["keep_float"] = options["keep_float"] + [name for name, _ in poor]
                conversion = network.convert("int8", listed, **options)
        self._dataset_samples = calibration.samples
        self._finish(conversion)
        return 0

    def _finish(self, conversion: _core.Conversion) -> None:
        self._conversion = conversion
        self._six = conversion.six
        self._simulator = None
        session = _core.Session.open_bytes(self._six, "model")
        for side, tensors in (("input", session.inputs), ("output", session.outputs)):
            for tensor in tensors:
                if tensor["dtype"] != "float32":
                    self._log.warning(f"build: the default dtype of {side} '{tensor['name']}' changes from float32 to "
                                      f"{tensor['dtype']} in the model; programs for the runtime have to know that.")
        self._log.info("rknn building ...")
        self._log.info("rknn building done.")

    @step()
    def export_rknn(self, export_path: str) -> int:
        six = self._built()
        folder = os.path.dirname(export_path)
        if folder and not os.path.isdir(folder):
            raise StepError(f"{export_path}: the folder {folder} does not exist.")
        with open(export_path, "wb") as file:
            file.write(six)
        self._exported = export_path
        return 0

    @step()
    def init_runtime(
        self,
        target: Optional[str] = None,
        device_id: Optional[str] = None,
        perf_debug: bool = False,
        eval_mem: bool = False,
        async_mode: bool = False,
        core_mask: int = NPU_CORE_AUTO,
        fallback_prior_device: str = "cpu",
    ) -> int:
        if target is not None or device_id is not None:
            raise board_only(f"init_runtime with target '{target or device_id}'")
        if async_mode:
            self._log.warning("init_runtime: async_mode is not supported; inference returns the results of its own inputs.")
        session = _core.Session.open_bytes(self._built(), "model")
        for name, operator in self._custom.items():
            session.set_custom_operator(name, operator.compute)
        self._simulator = Simulator(session)
        return 0

    @step(failure=None)
    def inference(
        self, inputs: Sequence[Any], data_format: Layouts = None, inputs_pass_through: Optional[Sequence[int]] = None
    ) -> Optional[list[Any]]:
        if self._simulator is None:
            raise StepError("Please call rknn.init_runtime first.")
        return self._simulator.run(inputs, data_format, inputs_pass_through)

    @step()
    def eval_perf(self, is_print: bool = True, fix_freq: bool = True) -> Any:
        raise board_only("eval_perf")

    @step()
    def eval_memory(self, is_print: bool = True) -> Any:
        raise board_only("eval_memory")

    @step()
    def get_sdk_version(self) -> Any:
        raise board_only("get_sdk_version")

    def list_devices(self) -> tuple[list[str], list[str]]:
        """The boards connected by adb and by ntb: none, ever."""
        self._log.info("list_devices: no board is connected.")
        return [], []

    @step()
    def hybrid_quantization_step1(
        self,
        dataset: Optional[str] = None,
        rknn_batch_size: Optional[int] = None,
        proposal: bool = False,
        proposal_dataset_size: int = 1,
        custom_hybrid: Optional[list[list[str]]] = None,
    ) -> int:
        network = self._loaded()
        hybrid.write_files(self._log, network, network.calibration(dataset), rknn_batch_size, proposal,
                           proposal_dataset_size, custom_hybrid)  # fmt: skip
        return 0

    @step()
    def hybrid_quantization_step2(self, model_input: str, data_input: str, model_quantization_cfg: str) -> int:
        files = hybrid.read_files(self._log, model_input, data_input, model_quantization_cfg)
        files.network.custom_operators = {name: operator.compute for name, operator in self._custom.items()}
        files.network.load()
        conversion = files.convert()
        self._settings, self._network = files.network.settings, files.network
        self._dataset_samples = files.samples
        self._finish(conversion)
        return 0

    @step()
    def accuracy_analysis(
        self,
        inputs: list[str],
        output_dir: str = "./snapshot",
        target: Optional[str] = None,
        device_id: Optional[str] = None,
    ) -> int:
        if target is not None or device_id is not None:
            raise board_only(f"accuracy_analysis with target '{target or device_id}'")
        if self._network is None and self._six is not None:
            raise StepError("accuracy_analysis needs the source model, not load_rknn.")
        network = self._loaded()
        six = self._built()
        accuracy.analyse(self._log, network, six, self._conversion, [str(name) for name in inputs], output_dir)
        return 0

    @step()
    def export_encrypted_rknn_model(
        self, input_model: str, output_model: Optional[str] = None, crypt_level: int = 1
    ) -> int:
        raise StepError("models are not encrypted here, since the key would be in the same program; "
                        "use export_rknn and the file's permissions.")

    @step()
    def reg_custom_op(self, custom_op: Any) -> int:
        operator = custom_operators.CustomOperator(custom_op)
        self._custom[operator.op_type] = operator
        return 0

    @step()
    def codegen(self, output_path: str, inputs: Optional[list[str]] = None, overwrite: bool = False) -> int:
        if self._exported is None:
            raise StepError("Please call rknn.export_rknn first.")
        session = _core.Session.open_file(self._exported)
        code_generation.write_project(self._log, session, self._exported, output_path, inputs, overwrite)
        return 0
