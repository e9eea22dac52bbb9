"""What a node must have before it computes: the shared folder, the same software, and the native backend.

As a program (`python nodes.py FOLDER`) it checks the first two and says in one sentence what is wrong.
"""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import plan


class NodeError(Exception):
    """Why a node cannot take part, in one sentence."""


def announcement(out):
    return Path(out) / "jobs" / "software.json"


def node_version():
    try:
        return subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "none"


def own():
    return {"software": plan.software(), "node": node_version().split(".")[0]}


def announce(out):
    """Says in the shared folder what the sweep was started with."""
    path = announcement(out)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps({**own(), "host": platform.node()}))
    fresh.rename(path)


def check_software(out):
    """Raises NodeError where this node does not see the folder, or has another version of the software."""
    here = platform.node()
    try:
        wanted = json.loads(announcement(out).read_text())
    except OSError:
        raise NodeError(
            f"A sweep needs a file system that all nodes share, but {here} does not see {announcement(out)}; put the project, the cache folder and the results where all nodes see them."
        ) from None
    found = own()
    if found["software"] != wanted["software"] and here == wanted["host"]:
        raise NodeError("The project was changed after the sweep was started; start it again.")
    if found["software"] != wanted["software"]:
        raise NodeError(
            f"All nodes need the same version of the project, but {here} has another one than {wanted['host']}, where the sweep was started; use one folder or one image for all."
        )
    if found["node"] != wanted["node"]:
        raise NodeError(
            f"All nodes need the same Node.js, but {here} has {found['node']} and {wanted['host']}, where the sweep was started, {wanted['node']}; put the same one first in PATH on all nodes."
        )


def check_native(project, told):
    """Sets this node up; raises NodeError where the native backend cannot be built or computes wrong."""
    command = f"cd {project} && npm run --silent doctor -- --json"
    done = subprocess.run(command, shell=True, stdout=subprocess.PIPE, stderr=told, text=True)
    told.write(done.stdout)
    try:
        diagnosis = json.loads(done.stdout[done.stdout.index("{") :])
    except ValueError:
        raise NodeError(f"The set-up of {platform.node()} failed; what it said is above.") from None
    if diagnosis["backend"]["kind"] != "native":
        raise NodeError(
            f"A sweep needs the native backend on every node, but {platform.node()} has none ({diagnosis['backend']['reason']}); install a C++ compiler there, or keep the sweep to other nodes."
        )
    if diagnosis["verdict"] != "healthy":
        raise NodeError(f"The computation on {platform.node()} is not sound ({'; '.join(diagnosis['problems'])}); keep the sweep to other nodes.")


if __name__ == "__main__":
    try:
        check_software(sys.argv[1])
    except NodeError as error:
        sys.exit(str(error))
