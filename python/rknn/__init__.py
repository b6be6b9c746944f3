"""The vendor's Python interface for this chip, over SixTOPS: scripts written for it run unchanged."""
