"""The vendor's Python interface for programs on the board, over SixTOPS: runs on any machine."""
