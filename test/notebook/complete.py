"""Asks the real kernel for completions after the import cell; tells what it offers as JSON.

usage: complete.py TYPED..., in the environment of the project's Jupyter programs; the cursor is where TYPED has a |
"""

import json
import sys

from jupyter_client.manager import start_new_kernel

IMPORT = 'import { histogram, study, train } from "./src/lab";\nconst runs = undefined as unknown as Awaited<ReturnType<typeof study<{}>>>;'


def completed(client, typed):
    """The cell with the cursor's word replaced by each offer."""
    code = typed.replace("|", "")
    offer = client.complete(code, typed.index("|"), reply=True, timeout=60)["content"]
    before, after = code[: offer["cursor_start"]], code[offer["cursor_end"] :]
    return [before + match + after for match in offer["matches"]]


def main():
    manager, client = start_new_kernel(kernel_name="typescript-attention", startup_timeout=3600)  # by the time of day, which may jump
    try:
        client.execute_interactive(IMPORT, timeout=120)
        json.dump([completed(client, typed) for typed in sys.argv[1:]], sys.stdout)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


main()
