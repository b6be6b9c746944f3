"""The part of YAML that the files of this tool use: maps and lists by indentation, [a, b], {a: b}, texts, numbers.

read() and write() are inverse. No dependency, and no text is ever executed.
"""
from __future__ import annotations

import re
from typing import Any, Iterator

from rknn.api.step import StepError

_NUMBER = re.compile(r"[-+]?(\d[\d_]*)?(\.\d*)?([eE][-+]?\d+)?$")
_PLAIN = re.compile(r"[A-Za-z_/.][\w./:$@+-]*$")


def read(text: str, name: str) -> Any:
    """StepError with the line's number where the text is no YAML of this kind."""
    return _Reader(text, name).document()


class _Line:
    def __init__(self, number: int, text: str) -> None:
        self.number = number
        self.indent = len(text) - len(text.lstrip(" "))
        self.text = text.strip()


def _strip_comment(text: str) -> str:
    quote = ""
    for at, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign == "#" and (at == 0 or text[at - 1] in " \t"):
            return text[:at]
    return text


class _Reader:
    def __init__(self, text: str, name: str) -> None:
        self._name = name
        self._lines: list[_Line] = []
        for number, raw in enumerate(text.splitlines(), 1):
            stripped = _strip_comment(raw.replace("\t", "    ")).rstrip()
            if stripped.strip() and stripped.strip() != "---":
                self._lines.append(_Line(number, stripped))
        self._at = 0

    def fail(self, number: int, what: str) -> StepError:
        return StepError(f"{self._name}: line {number}: {what}.")

    def document(self) -> Any:
        if not self._lines:
            return None
        value = self._block(self._lines[0].indent)
        if self._at < len(self._lines):
            raise self.fail(self._lines[self._at].number, "the indentation fits nothing above it")
        return value

    def _block(self, indent: int) -> Any:
        line = self._lines[self._at]
        return self._list(indent) if line.text == "-" or line.text.startswith("- ") else self._map(indent)

    def _list(self, indent: int) -> list[Any]:
        items = []
        for line in self._level(indent):
            if not (line.text == "-" or line.text.startswith("- ")):
                raise self.fail(line.number, "expected '- ' and an item of the list")
            rest = line.text[1:].strip()
            if rest and _split_key(rest) is not None and rest[0] not in "[{'\"":
                # A map that begins on the dash's own line.
                line.indent += len(line.text) - len(rest)
                line.text = rest
                items.append(self._map(line.indent))
                continue
            self._at += 1
            items.append(self._value(rest, indent, line.number))
        return items

    def _map(self, indent: int) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        for line in self._level(indent):
            split = _split_key(line.text)
            if split is None:
                raise self.fail(line.number, f"expected 'key: value', found '{line.text}'")
            self._at += 1
            key, rest = split
            if key in entries:
                raise self.fail(line.number, f"'{key}' is given twice")
            entries[key] = self._value(rest, indent, line.number)
        return entries

    def _level(self, indent: int) -> Iterator[_Line]:
        while self._at < len(self._lines) and self._lines[self._at].indent == indent:
            yield self._lines[self._at]
        if self._at < len(self._lines) and self._lines[self._at].indent > indent:
            raise self.fail(self._lines[self._at].number, "the indentation is deeper than that of the line above allows")

    def _value(self, rest: str, indent: int, number: int) -> Any:
        if rest:
            # A list in brackets may go on over the next lines.
            while rest[0] in "[{" and _open_brackets(rest) > 0 and self._at < len(self._lines):
                rest += " " + self._lines[self._at].text
                self._at += 1
            return _Flow(rest, lambda what: self.fail(number, what)).whole()
        if self._at < len(self._lines):
            following = self._lines[self._at]
            is_list = following.text == "-" or following.text.startswith("- ")
            if following.indent > indent or (is_list and following.indent == indent):
                return self._block(following.indent)
        return None


def _open_brackets(text: str) -> int:
    return sum(text.count(sign) for sign in "[{") - sum(text.count(sign) for sign in "]}")


def _split_key(text: str) -> Any:
    """'key: value' → (key, value). A colon inside a name (tensor:0) is none of YAML's."""
    if text[0] in "'\"":
        end = text.find(text[0], 1)
        rest = text[end + 1 :].lstrip() if end > 0 else ""
        return (text[1:end], rest[1:].strip()) if rest.startswith(":") else None
    match = re.match(r"(.+?):(\s+(.*))?$", text)
    return (match[1].strip(), (match[3] or "").strip()) if match else None


class _Flow:
    """Values on one line."""

    def __init__(self, text: str, fail: Any) -> None:
        self._text = text
        self._fail = fail
        self._at = 0

    def whole(self) -> Any:
        value = self._value(stops="")
        self._blanks()
        if self._at < len(self._text):
            raise self._fail(f"'{self._text[self._at:]}' was not expected")
        return value

    def _blanks(self) -> None:
        while self._at < len(self._text) and self._text[self._at] == " ":
            self._at += 1

    def _value(self, stops: str) -> Any:
        self._blanks()
        sign = self._text[self._at : self._at + 1]
        if sign == "[":
            return self._items("]")
        if sign == "{":
            return dict(self._items("}"))
        if sign and sign in "'\"":
            end = self._text.find(sign, self._at + 1)
            if end < 0:
                raise self._fail("a quotation mark is missing")
            text = self._text[self._at + 1 : end]
            self._at = end + 1
            return text
        begin = self._at
        while self._at < len(self._text) and self._text[self._at] not in stops:
            self._at += 1
        return _scalar(self._text[begin : self._at].strip())

    def _items(self, end: str) -> list[Any]:
        self._at += 1
        items: list[Any] = []
        while True:
            self._blanks()
            if self._text[self._at : self._at + 1] == end:
                self._at += 1
                return items
            if end == "}":
                colon = self._text.find(":", self._at)
                if colon < 0:
                    raise self._fail("expected 'key: value' between { and }")
                key = self._text[self._at : colon].strip().strip("'\"")
                self._at = colon + 1
                items.append((key, self._value(",}")))
            else:
                items.append(self._value(",]"))
            self._blanks()
            if self._text[self._at : self._at + 1] == ",":
                self._at += 1
            elif self._text[self._at : self._at + 1] != end:
                raise self._fail(f"'{end}' is missing")


def _scalar(text: str) -> Any:
    if text in ("", "~", "null", "Null", "NULL", "None"):
        return None
    if text in ("true", "True", "TRUE"):
        return True
    if text in ("false", "False", "FALSE"):
        return False
    if _NUMBER.match(text) and any(sign.isdigit() for sign in text):
        return float(text) if any(sign in text for sign in ".eE") else int(text)
    return text


def write(value: Any, indent: int = 0) -> str:
    pad = " " * indent
    if isinstance(value, dict):
        lines = []
        for key, entry in value.items():
            name = key if _PLAIN.match(key) and not key.endswith(":") else f"'{key}'"
            if isinstance(entry, dict):
                lines.append(f"{pad}{name}:\n{write(entry, indent + 4)}")
            else:
                lines.append(f"{pad}{name}: {_inline(entry)}".rstrip() + "\n")
        return "".join(lines)
    return f"{pad}{_inline(value)}\n"


def _inline(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_inline(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_inline(entry) for entry in value) + "]"
    if isinstance(value, (int, float)):
        return repr(value)
    text = str(value)
    return text if _PLAIN.match(text) else f"'{text}'"
