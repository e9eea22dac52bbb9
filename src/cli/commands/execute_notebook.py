"""Runs one notebook through its kernel and writes it with its outputs, and as HTML.

usage: execute_notebook.py NOTEBOOK OUTPUT HTML

It tells on standard output what has changed, in lines of JSON: the cell that runs, what is told of it, the failure's text.
An interrupt stops the cell as the stop button does; what a cell of the notebook then prints is kept as its output.
"""

import asyncio
import json
import os
import re
import signal
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbconvert import HTMLExporter

SECONDS_TO_START = 120
SECONDS_TO_STOP = 20


def report(**state):
    print(json.dumps(state), flush=True)


def with_short_lists(notebook):
    """The notebook's JSON with lists of numbers on one line, a quarter smaller; a string holds no line break as it is."""
    number = r"(?:-?[\d.eE+-]+|null)"
    found = rf"\[\n\s+({number}(?:,\n\s+{number})*)\n\s+\]"
    return re.sub(found, lambda match: "[" + re.sub(r"\n\s+", " ", match[1]) + "]", notebook)


class Client(NotebookClient):
    """A notebook client that reports its progress and passes an interrupt on to the cell."""

    stopping = False

    async def async_start_new_kernel_client(self):
        """The limit is by a clock that only runs forward: jupyter_client's own, by the time of day, ends with a jump of it."""
        return await asyncio.wait_for(super().async_start_new_kernel_client(), SECONDS_TO_START)

    async def async_execute_cell(self, cell, cell_index, **options):
        if self.stopping:
            raise InterruptedError
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_event_loop().add_signal_handler(name, self.stop)
        cells = self.nb.cells
        code_cells = [index for index, each in enumerate(cells) if each.cell_type == "code" and each.source.strip()]
        if cell_index in code_cells:
            self.cell = cell
            place = code_cells.index(cell_index) + 1
            name = f"cell {place} of {len(code_cells)}, {title_of(cells, cell_index)}"
            report(cell=name, told=name)
        return await super().async_execute_cell(cell, cell_index, **options)

    def process_message(self, msg, cell, cell_index):
        if msg["msg_type"] == "update_display_data":
            text = msg["content"].get("data", {}).get("text/plain")
            if text:
                report(told=text.split("\n")[0])
        return super().process_message(msg, cell, cell_index)

    def stop(self):
        if not self.stopping:
            self.stopping = True
            asyncio.ensure_future(self.stop_cell())

    async def stop_cell(self):
        """Interrupts until the cell ends: the kernel misses an interrupt that comes before the cell's first await."""
        for _ in range(SECONDS_TO_STOP):
            await self.km.interrupt_kernel()
            await asyncio.sleep(1)
        await self.km.shutdown_kernel(now=True)


def run(client):
    """Runs all cells; the answer is the error text of the cell that failed, or None."""
    try:
        client.execute()
        return None
    except InterruptedError:
        return "Stopped."
    except CellExecutionError as error:
        return error_text(client.cell) or str(error)
    except asyncio.TimeoutError:
        return f"The notebook's kernel has not answered within {SECONDS_TO_START} seconds of its start."
    except DeadKernelError:
        return "The notebook's kernel ended: it ran out of memory, crashed or was stopped."


def title_of(cells, index):
    """The last heading above a cell."""
    texts = [cell.source for cell in cells[:index] if cell.cell_type == "markdown"]
    headings = re.findall(r"^#+\s+(.+)$", "\n".join(texts), re.MULTILINE)
    return headings[-1] if headings else cells[index].source.strip().splitlines()[0]


def error_text(cell):
    """What a cell that failed says of it."""
    lines = [line for o in cell.outputs if o.output_type == "error" for line in o.traceback]
    return re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(lines)).strip()


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    temporary = f"{path}.{os.getpid()}"
    with open(temporary, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(temporary, path)


def write_page(path, notebook, source):
    """The notebook as a page, whose figures need plotly.js beside it."""
    here = os.path.dirname(os.path.abspath(__file__))
    config = HTMLExporter().default_config
    config.NbConvertBase.display_data_priority.insert(0, "application/vnd.plotly.v1+json")
    exporter = HTMLExporter(config=config, template_file=os.path.join(here, "page.html.j2"))
    title = re.search(r"^# +(.+)$", notebook.cells[0].source, re.MULTILINE)
    # As the page is to its notebook, so are those of the notebooks that it names.
    ending = os.path.basename(path).removeprefix(os.path.splitext(os.path.basename(source))[0])
    resources = {"metadata": {"name": title[1] if title else os.path.basename(path)}, "page_ending": ending}
    html, _ = exporter.from_notebook_node(notebook, resources)
    write(path, html)


def main(source, output, page):
    notebook = nbformat.read(source, as_version=4)
    client = Client(
        notebook,
        timeout=None,
        startup_timeout=sys.maxsize,
        record_timing=False,
        kernel_name="typescript-attention",
        resources={"metadata": {"path": os.path.dirname(os.path.abspath(source))}},
    )
    problem = run(client)
    write(output, with_short_lists(nbformat.writes(notebook)) + "\n")
    if problem is not None:
        report(failure=problem)
        return 1
    write_page(page, notebook, source)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
