"""RKNNLite: loads a converted model and runs it, with the bytes that librknnrt gives.

    lite = RKNNLite()
    lite.load_rknn('yolov5s.rknn')
    lite.init_runtime(core_mask=RKNNLite.NPU_CORE_0)
    outputs = lite.inference(inputs=[picture])
    lite.release()
"""
from __future__ import annotations

from typing import Any, Optional, Sequence

from rknn.api.log import Log
from rknn.api.simulator import Layouts, Simulator
from rknn.api.step import StepError, step
from sixtops import __version__, _core

_CORE_MASKS = (0, 1, 2, 4, 3, 7, 0xFFFF)


class RKNNLite:
    NPU_CORE_AUTO = 0
    NPU_CORE_0 = 1
    NPU_CORE_1 = 2
    NPU_CORE_2 = 4
    NPU_CORE_0_1 = 3
    NPU_CORE_0_1_2 = 7
    NPU_CORE_ALL = 0xFFFF

    def __init__(self, verbose: bool = False, verbose_file: Optional[str] = None) -> None:
        self._log = Log(verbose, verbose_file)
        self._session: Optional[_core.Session] = None
        self._simulator: Optional[Simulator] = None

    @step()
    def load_rknn(self, path: str) -> int:
        self._session = _core.Session.open_file(path)
        self._simulator = None
        return 0

    @step()
    def init_runtime(self, target: Optional[str] = None, device_id: Optional[str] = None, async_mode: bool = False,
                     core_mask: int = NPU_CORE_AUTO) -> int:  # fmt: skip
        if self._session is None:
            raise StepError("Please call load_rknn first.")
        if core_mask not in _CORE_MASKS:
            raise StepError(f"core_mask {core_mask} is not known; expected one of RKNNLite.NPU_CORE_*.")
        self._simulator = Simulator(self._session)
        return 0

    @step(failure=None)
    def inference(
        self, inputs: Sequence[Any], data_format: Layouts = None, inputs_pass_through: Optional[Sequence[int]] = None
    ) -> Optional[list[Any]]:
        if self._simulator is None:
            raise StepError("Please call init_runtime first.")
        return self._simulator.run(inputs, data_format, inputs_pass_through)

    @step()
    def get_sdk_version(self) -> Any:
        text = f"RKNN VERSION:\n  API: 2.3.2 (SixTOPS {__version__})\n  DRV: none, the network runs on this machine's processor"
        print(text)
        return text

    @step()
    def list_support_target_platform(self, rknn_model: Optional[str] = None) -> Any:
        """The chips whose arithmetic the model is in."""
        if rknn_model is not None:
            _core.Session.open_file(rknn_model)  # says what is wrong with the file
        platforms = {"support_target_platform": ["rk3588"], "filled_target_platform": ["rk3588"]}
        print(platforms)
        return platforms

    @step()
    def release(self) -> int:
        self._session = self._simulator = None
        self._log.close()
        return 0
