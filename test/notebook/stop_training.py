"""Presses a notebook's stop button twice while a cell trains, through the real kernel; tells what came as JSON.

usage: stop_training.py, in the environment of the project's Jupyter programs
"""

import json
import queue
import re
import sys
import time

from jupyter_client.manager import start_new_kernel

SECONDS = 120
# After a failed cell the kernel drops what comes in the next 0.2 s, so that "Run All" ends.
PAUSE = 0.5
IMPORT = 'import { train } from "./src/notebook/study";'
TRAIN = """
const size = { embeddingSize: 24, hiddenSize: 16 };
const { log } = await train("quick", "reviews", { ...size, epochs: 12, seed: 1 });
console.log("epochs:", log.length);
"""
# Long, as the kernel misses a stop that comes while it compiles the cell: then the next press, 2 s later, ends it.
LONG = TRAIN.replace("epochs: 12, seed: 1", "epochs: 100, seed: 2")


def run(manager, client, code, press=lambda seconds, text: False):
    """Runs a cell, and presses stop when `press(seconds since the start, latest progress)` says so, at most every 2 s."""
    time.sleep(PAUSE)
    message = client.execute(code)
    start = time.monotonic()
    pressed, texts, errors, printed, shown = [], [], "", "", ""
    while time.monotonic() - start < SECONDS:
        seconds = time.monotonic() - start
        if press(seconds, shown) and (not pressed or seconds - pressed[-1] > 2):
            pressed.append(seconds)
            manager.interrupt_kernel()
        try:
            answer = client.get_iopub_msg(timeout=0.05)
        except queue.Empty:
            continue
        if answer["parent_header"].get("msg_id") != message:
            continue
        kind, content = answer["msg_type"], answer["content"]
        if kind in ("display_data", "update_display_data"):
            shown = content["data"].get("text/plain", "")
            texts.append(shown)
        elif kind == "stream" and content["name"] == "stderr":
            errors += content["text"]
        elif kind == "error":
            errors += "\n".join(content["traceback"])
        elif kind == "stream":
            printed += content["text"]
        elif kind == "status" and content["execution_state"] == "idle":
            break
    else:
        raise TimeoutError(f"{code!r} did not end: {shown}")
    epochs = [int(epoch) for text in texts for epoch in re.findall(r"epoch (\d+) of", text)]
    errors = re.sub(r"\x1b\[[0-9;]*m", "", errors)
    return {"presses": len(pressed), "epochs": epochs, "last": shown, "printed": printed, "errors": errors}


def main():
    manager, client = start_new_kernel(kernel_name="typescript-attention", startup_timeout=3600)  # by the time of day, which may jump
    try:
        run(manager, client, IMPORT)
        results = {
            "early": run(manager, client, LONG, lambda seconds, text: seconds > 0.3),
            "afterEarly": run(manager, client, "console.log(40 + 2)"),
            "middle": run(manager, client, TRAIN, lambda seconds, text: bool(re.search(r"epoch [5-9]", text))),
            "afterMiddle": run(manager, client, "console.log(40 + 2)"),
            "resumed": run(manager, client, TRAIN),
        }
        json.dump(results, sys.stdout)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


main()
