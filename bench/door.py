"""Times a notebook's door in the real kernel: its start, the import cell, the same cell again, and ordinary cells.

usage: door.py [--repetitions=5], with the Python of the project's Jupyter programs
"""

import statistics
import sys
import time

import nbformat
from jupyter_client.manager import start_new_kernel

NOTEBOOK = "notebooks/rq1-correlation.ipynb"
ORDINARY = ["const x = 1;", "const y = x + 1;", "[1, 2].map((value) => value + y)"]
# After a cell the kernel may still be busy with the files that it watches.
PAUSE = 0.5


def seconds(client, source):
    """How long a cell takes, from its sending to its answer."""
    time.sleep(PAUSE)
    start = time.monotonic()
    answer = client.execute_interactive(source, timeout=120, output_hook=lambda message: None)
    if answer["content"]["status"] != "ok":
        raise RuntimeError(f"The cell failed: {source}")
    return time.monotonic() - start


def measure(import_cell):
    start = time.monotonic()
    manager, client = start_new_kernel(kernel_name="typescript-attention", startup_timeout=120)
    try:
        times = {"kernel ready": time.monotonic() - start, "import": seconds(client, import_cell)}
        times["again"] = max(seconds(client, import_cell) for _ in range(2))
        times["ordinary cell"] = max(seconds(client, cell) for cell in ORDINARY)
        return times
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def main():
    repetitions = int(next((word.split("=")[1] for word in sys.argv if word.startswith("--repetitions=")), 5))
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    import_cell = next(cell.source for cell in cells if '"./src/lab"' in cell.source)
    runs = [measure(import_cell) for _ in range(repetitions)]
    print(f"seconds, min / median / max of {repetitions}")
    for name in runs[0]:
        times = [run[name] for run in runs]
        print(f"{name:<14} {min(times):.2f} / {statistics.median(times):.2f} / {max(times):.2f}")


main()
