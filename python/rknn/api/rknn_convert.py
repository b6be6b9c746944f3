"""python -m rknn.api.rknn_convert -t rk3588 -i model_config.yml -o output_folder"""
from __future__ import annotations

import argparse
import os
import sys
from typing import Any, Optional, Sequence

import rknn.api.mini_yaml as mini_yaml
from rknn.api.rknn import RKNN
from rknn.api.settings import PLATFORMS
from rknn.api.step import StepError


def main(arguments: Optional[Sequence[str]] = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        for entry in _models(options.input):
            _convert(entry, options)
    except StepError as error:
        print(f"E rknn_convert: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="rknn_convert", description="Converts the models of a yml file.")
    parser.add_argument("-t", dest="target", default="rk3588", choices=PLATFORMS, help="target platform")
    parser.add_argument("-i", dest="input", required=True, help="yml file")
    parser.add_argument("-o", dest="output", default=".", help="output folder")
    parser.add_argument("-e", dest="evaluate", action="store_true", help="time and memory on the connected board")
    parser.add_argument("-a", dest="analysis", metavar='"x1.jpg x2.jpg"', help="accuracy analysis with these inputs")
    parser.add_argument("-v", dest="verbose", action="store_true", help="verbose")
    parser.add_argument("-d", dest="device", nargs="?", const="", help="the adb device, or its id")
    return parser


def _models(path: str) -> list[dict[str, Any]]:
    """The entries of `models:`, one or a list, with paths made absolute."""
    try:
        with open(path, encoding="utf-8") as file:
            content = mini_yaml.read(file.read(), path)
    except OSError as error:
        raise StepError(f"{path}: {error.strerror}.") from None
    models = content.get("models") if isinstance(content, dict) else None
    entries: list[Any] = models if isinstance(models, list) else [models]
    folder = os.path.dirname(os.path.abspath(path))
    for entry in entries:
        if not isinstance(entry, dict) or "platform" not in entry:
            raise StepError(f"{path}: expected models: with name, platform and the path of the model.")
        for key in entry:
            if (key.endswith("_path") or key == "dataset") and entry[key]:
                entry[key] = os.path.join(folder, str(entry[key]))
    return entries


def _convert(entry: dict[str, Any], options: argparse.Namespace) -> None:
    name = str(entry.get("name") or "model")
    rknn = RKNN(verbose=options.verbose)
    try:
        configs = dict(entry.get("configs") or {})
        _done("config", rknn.config(**{**configs, "target_platform": options.target}))
        _done("load", _load(rknn, entry))
        quantize = bool(entry.get("quantize"))
        _done("build", rknn.build(do_quantization=quantize, dataset=entry.get("dataset") if quantize else None))
        os.makedirs(options.output, exist_ok=True)
        path = os.path.join(options.output, name + ".rknn")
        _done("export_rknn", rknn.export_rknn(path))
        print(f"{path} is written.")
        if options.analysis:
            folder = os.path.join(options.output, "snapshot")
            _done("accuracy_analysis", rknn.accuracy_analysis(options.analysis.split(), folder))
        if options.evaluate:
            _done("init_runtime", rknn.init_runtime(target=options.target, device_id=options.device or None))
    except TypeError as error:  # a key of configs that config does not have
        raise StepError(f"{name}: {error}.") from None
    finally:
        rknn.release()


def _done(step: str, code: int) -> None:
    if code != 0:
        raise StepError(f"{step} failed.")


def _load(rknn: RKNN, entry: dict[str, Any]) -> int:
    platform = str(entry["platform"]).lower()
    cuts = entry.get("subgraphs") or {}
    if isinstance(cuts, list):
        cuts = {key: value for part in cuts for key, value in part.items()}
    inputs = _texts(cuts.get("inputs"))
    outputs = _texts(cuts.get("outputs"))
    sizes = [_size(text) for text in cuts.get("input_size_list") or cuts.get("input-size-list") or []]
    model = str(entry.get("model_file_path"))
    if platform == "onnx":
        return rknn.load_onnx(model, inputs=inputs or None, input_size_list=sizes or None, outputs=outputs or None)
    if platform == "pytorch":
        return rknn.load_pytorch(model, input_size_list=sizes)
    if platform == "tensorflow":
        return rknn.load_tensorflow(model, inputs=inputs, input_size_list=sizes, outputs=outputs)
    if platform == "tflite":
        return rknn.load_tflite(model)
    if platform == "caffe":
        return rknn.load_caffe(str(entry.get("prototxt_file_path")), str(entry.get("caffemodel_file_path")))
    if platform == "darknet":
        return rknn.load_darknet(str(entry.get("darknet_cfg_path")), str(entry.get("darknet_weights_path")))
    raise StepError(f"platform '{platform}' is not known; expected tensorflow, tflite, caffe, onnx, pytorch or darknet.")


def _texts(value: Any) -> list[str]:
    return [] if value is None else [str(entry) for entry in (value if isinstance(value, list) else str(value).split(","))]


def _size(value: Any) -> list[int]:
    """'1,3,512,512', or a list."""
    try:
        return [int(extent) for extent in (value if isinstance(value, list) else str(value).split(","))]
    except ValueError:
        raise StepError(f"input_size_list has the entry '{value}', expected for example 1,3,512,512.") from None


if __name__ == "__main__":
    sys.exit(main())
