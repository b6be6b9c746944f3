"""Lines and bars as users of the vendor's tools know them: `I rknn building ...`, `I Loading : 100%|████| 125/125`."""
from __future__ import annotations

import sys
import time
from typing import Optional, TextIO

_BAR_WIDTH = 40


class Log:
    """Lines begin with I, W, E or D; D lines are for verbose=True. They go to stderr and, if asked, into a file."""

    def __init__(self, verbose: bool = False, file: Optional[str] = None) -> None:
        self.verbose = verbose
        self._file: Optional[TextIO] = None
        if file is not None:
            if verbose:
                self._file = open(file, "w", encoding="utf-8")
            else:
                self.warning("verbose_file needs verbose=True; nothing is written to it.")

    def info(self, text: str) -> None:
        self.line("I", text)

    def warning(self, text: str) -> None:
        self.line("W", text)

    def error(self, text: str) -> None:
        self.line("E", text)

    def debug(self, text: str) -> None:
        self.line("D", text)

    def line(self, level: str, text: str) -> None:
        if level != "D" or self.verbose:
            self._write(f"{level} {text}\n")

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()
        if self._file is not None:
            self._file.write(text)
            self._file.flush()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def bar(self, name: str) -> "Bar":
        return Bar(self, name)


class Bar:
    """One progress bar. A terminal sees it grow, anything else its last state."""

    def __init__(self, log: Log, name: str) -> None:
        self._log = log
        self._name = name
        self._begin = time.monotonic()
        self._shown = -1
        self._ended = False

    def update(self, done: int, total: int) -> None:
        percent = 100 * done // max(total, 1)
        if self._ended or percent == self._shown:
            return
        self._shown = percent
        if done >= total:
            self._ended = True
            if sys.stderr.isatty():
                sys.stderr.write("\r\x1b[K")
            self._log.info(self._text(done, total))
        elif sys.stderr.isatty():
            sys.stderr.write("\r\x1b[KI " + self._text(done, total))
            sys.stderr.flush()

    def _text(self, done: int, total: int) -> str:
        seconds = max(time.monotonic() - self._begin, 1e-6)
        filled = _BAR_WIDTH * done // max(total, 1)
        bar = "█" * filled + " " * (_BAR_WIDTH - filled)
        left = seconds / max(done, 1) * (total - done)
        rate = f"{done / seconds:.2f}it/s"
        return f"{self._name}: {100 * done // max(total, 1)}%|{bar}| {done}/{total} [{_clock(seconds)}<{_clock(left)}, {rate}]"


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60:02d}:{int(seconds) % 60:02d}"
