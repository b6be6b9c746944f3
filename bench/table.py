"""The one table: our times, theirs, and what part of theirs ours are."""

COLUMNS = [("ours", "ours"), ("openvino", "OpenVINO int8"), ("onnxruntime", "ONNX Runtime")]


class Row:
    """times: contender → (median, min), in `unit`. floor: what the peak rate allows, where there is one."""

    def __init__(self, what, threads, times, floor=None, unit="ms", note=""):
        self.what, self.threads, self.times, self.floor, self.unit, self.note = what, threads, times, floor, unit, note

    def ratio(self, other):
        return self.times["ours"][0] / self.times[other][0]

    def json(self):
        row = {"what": self.what, "threads": self.threads, "unit": self.unit}
        for name, (median, least) in self.times.items():
            row[name] = {"median": median, "min": least}
            if name != "ours":
                row[name]["ours_to_theirs"] = self.ratio(name)
        if self.floor:
            row["floor"] = self.floor
            row["median_to_floor"] = self.times["ours"][0] / self.floor
        if self.note:
            row["note"] = self.note
        return row

    def cells(self):
        cells = [self.what, str(self.threads or ""), self.unit]
        for name, _ in COLUMNS:
            if name not in self.times:
                cells += [""] * 3
                continue
            median, least = self.times[name]
            cells += [f"{median:.2f}", f"{least:.2f}"]
            if name == "ours":
                cells.append(f"{median / self.floor:.2f}" if self.floor else "")
            else:
                cells.append(f"{self.ratio(name):.2f}")
        return cells + [self.note]


def text(rows):
    head = ["", "threads", "unit", "ours", "min", "x floor", "OpenVINO", "min", "ours/theirs", "ORT", "min",
            "ours/theirs", ""]
    lines = [head] + [row.cells() for row in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    last = len(head) - 1
    return "\n".join("  ".join(cell.ljust(width) if i in (0, last) else cell.rjust(width)
                               for i, (cell, width) in enumerate(zip(line, widths))).rstrip() for line in lines)
