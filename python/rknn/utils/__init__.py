"""rknn.utils: onnx_edit."""
from rknn.utils.onnx_edit import onnx_edit

__all__ = ["onnx_edit"]
