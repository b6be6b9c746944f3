"""rknnlite.api: RKNNLite, as programs for the board import it."""
from rknnlite.api.rknn_lite import RKNNLite

__all__ = ["RKNNLite"]
