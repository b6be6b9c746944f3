"""The arguments of RKNN.config, checked."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Optional

from rknn.api.log import Log
from rknn.api.step import StepError

PLATFORMS = (
    "rv1103", "rv1103b", "rv1106", "rv1106b", "rv1126b", "rk2118", "rk3562", "rk3566", "rk3568", "rk3576", "rk3588",
)  # fmt: skip
_ALGORITHMS = ("normal", "mmse", "kl_divergence", "gdq")
_TARGETS = ("cpu", "npu", "gpu", "auto")
# Names of 8-bit weights and activations, the old ones included.
_INT8_NAMES = ("w8a8", "asymmetric_quantized-8", "asymmetric_quantized-u8", "asymmetric_affine-u8")
_CUSTOM_STRING_BYTES = 1024


@dataclass
class Settings:
    mean_values: list[list[float]] = field(default_factory=list)  # one list an input; empty: 0
    std_values: list[list[float]] = field(default_factory=list)
    quant_img_RGB2BGR: list[bool] = field(default_factory=list)  # one an input, or one for all
    quantized_algorithm: str = "normal"
    quantized_method: str = "channel"
    target_platform: str = "rk3588"
    custom_string: str = ""
    op_target: dict[str, str] = field(default_factory=dict)
    dynamic_input: list[list[list[int]]] = field(default_factory=list)
    auto_hybrid_cos_thresh: float = 0.98
    auto_hybrid_euc_thresh: Optional[float] = None
    quantize_weight: bool = False

    def mean_of(self, index: int) -> list[float]:
        return self.mean_values[index] if index < len(self.mean_values) else []

    def std_of(self, index: int) -> list[float]:
        return self.std_values[index] if index < len(self.std_values) else []

    def is_bgr(self, index: int) -> bool:
        flags = self.quant_img_RGB2BGR
        return flags[index if len(flags) > 1 and index < len(flags) else 0] if flags else False


def check_settings(log: Log, **given: Any) -> Settings:
    """StepError names the argument that cannot be used; what has no effect here is told as a warning."""
    settings = Settings()
    settings.mean_values = _numbers_per_input("mean_values", given["mean_values"])
    settings.std_values = _numbers_per_input("std_values", given["std_values"])
    if any(value == 0 for values in settings.std_values for value in values):
        raise StepError("std_values contains 0, which would divide by it.")
    settings.quant_img_RGB2BGR = _flags_per_input(given["quant_img_RGB2BGR"])
    _check_dtype(given["quantized_dtype"])
    settings.quantized_algorithm = _one_of("quantized_algorithm", given["quantized_algorithm"], _ALGORITHMS)
    if settings.quantized_algorithm == "gdq":
        raise StepError("quantized_algorithm 'gdq' is for w4a16 and w8a16, which rk3588 does not have; "
                        "expected normal, mmse or kl_divergence.")
    settings.quantized_method = str(given["quantized_method"])
    if settings.quantized_method not in ("layer", "channel"):
        raise StepError(f"quantized_method '{settings.quantized_method}' is not known for rk3588; expected layer or channel.")
    _one_of("float_dtype", given["float_dtype"], ("float16",))
    if given["optimization_level"] not in (0, 1, 2, 3):
        raise StepError(f"optimization_level is {given['optimization_level']!r}, expected 0, 1, 2 or 3.")
    settings.target_platform = _platform(log, given["target_platform"])
    settings.custom_string = _custom_string(given["custom_string"])
    settings.op_target = _op_target(given["op_target"])
    settings.dynamic_input = _dynamic_input(given["dynamic_input"])
    settings.auto_hybrid_cos_thresh = float(given["auto_hybrid_cos_thresh"])
    if given["auto_hybrid_euc_thresh"] is not None:
        settings.auto_hybrid_euc_thresh = float(given["auto_hybrid_euc_thresh"])
    settings.quantize_weight = bool(given["quantize_weight"])
    _tell_what_has_no_effect(log, given)
    return settings


def _numbers_per_input(name: str, value: Any) -> list[list[float]]:
    """[[a, b, c], ...], or [a, b, c] for one input, as rknn_convert's files have it."""
    if value is None:
        return []
    try:
        lists = list(value)
        if lists and all(isinstance(entry, (int, float)) for entry in lists):
            lists = [lists]
        return [[float(number) for number in entry] for entry in lists]
    except (TypeError, ValueError):
        raise StepError(f"{name} is {value!r}; expected a list with one list of numbers an input, "
                        "for example [[0, 0, 0]].") from None


def _flags_per_input(value: Any) -> list[bool]:
    return [bool(flag) for flag in value] if isinstance(value, (list, tuple)) else [bool(value)]


def _one_of(name: str, value: Any, known: tuple[str, ...]) -> str:
    if value not in known:
        raise StepError(f"{name} '{value}' is not known; expected {', '.join(known)}.")
    return str(value)


def _check_dtype(value: Any) -> None:
    if value not in _INT8_NAMES:
        raise StepError(f"quantized_dtype '{value}' is not available on rk3588; expected w8a8.")


def _platform(log: Log, value: Optional[str]) -> str:
    if value is None:
        return "rk3588"
    name = str(value).lower()
    if name not in PLATFORMS:
        raise StepError(f"target_platform '{value}' is not known; expected {', '.join(PLATFORMS)}.")
    if name != "rk3588":
        log.warning(f"config: the network is computed in the arithmetic of rk3588, not of {name}.")
    return name


def _custom_string(value: Optional[str]) -> str:
    text = "" if value is None else str(value)
    if len(text.encode()) >= _CUSTOM_STRING_BYTES:
        raise StepError(f"custom_string has {len(text.encode())} bytes, at most {_CUSTOM_STRING_BYTES - 1} are possible.")
    return text


def _op_target(value: Optional[dict[str, str]]) -> dict[str, str]:
    targets = dict(value or {})
    for name, target in targets.items():
        if target not in _TARGETS:
            raise StepError(f"op_target of '{name}' is '{target}', expected {', '.join(_TARGETS)}.")
    return targets


def _dynamic_input(value: Any) -> list[list[list[int]]]:
    try:
        return [[[int(extent) for extent in shape] for shape in shapes] for shapes in value or []]
    except (TypeError, ValueError):
        raise StepError(f"dynamic_input is {value!r}; expected a list of shape sets, each with one shape an input, "
                        "for example [[[1, 3, 192, 192]], [[1, 3, 256, 256]]].") from None


def _tell_what_has_no_effect(log: Log, given: dict[str, Any]) -> None:
    if given["remove_weight"]:
        raise StepError("remove_weight: a model without its weights cannot be made; leave the option out.")
    if given["sparse_infer"]:
        raise StepError("sparse_infer is for rk3576 and rv1126b; leave the option out.")
    effects = {
        "compress_weight": "weights stay as they are",
        "single_core_mode": "the file is the same for one core and for three",
        "model_pruning": "channels of zeros stay",
        "enable_flash_attention": "attention is computed as the model says",
        "remove_reshape": "inputs and outputs keep their shapes",
    }
    for name, effect in effects.items():
        if given[name]:
            log.warning(f"config: {name} has no effect here: {effect}.")
    if given["optimization_level"] != 3:
        log.warning("config: optimization_level has no effect here: no rule of the converter costs accuracy.")


