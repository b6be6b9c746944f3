"""rknn.api: RKNN, as scripts for the chip import it."""
from rknn.api.rknn import RKNN

__all__ = ["RKNN"]
