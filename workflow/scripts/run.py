"""Runs Snakemake on a configuration and tells in few lines how it goes: `npm run sweep` calls this.

All that Snakemake itself says is in logs/sweep.log of the sweep's folder.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import plan

QUIET_SECONDS = 15


class Screen:
    """Lines that stay, and on a terminal a last one that does not."""

    def __init__(self):
        self.interactive = sys.stdout.isatty()
        self.last = time.monotonic()

    def line(self, text):
        self.last = time.monotonic()
        print(f"\r\x1b[K{text}" if self.interactive else text, flush=True)

    def status(self, text):
        if self.interactive:
            print(f"\r\x1b[K{text}", end="", flush=True)
        elif time.monotonic() - self.last > QUIET_SECONDS:
            self.line(text)


def duration(seconds):
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.1f} {unit}" if seconds < 10 * size else f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def minutes_to_do(out, configurations):
    """Expected minutes of all trainings and analyses whose job is not done."""
    is_done = lambda one, done: (out / "jobs" / done / one["label"]).exists()
    return sum(
        one["training_minutes"] * (not is_done(one, "analysed" if one["together"] else "trained"))
        + one["analysis_minutes"] * (not is_done(one, "analysed"))
        for one in configurations
    )


def analysed(out, configurations):
    return sum(one["size"] for one in configurations if (out / "jobs" / "analysed" / one["label"]).exists())


def jobs_at_once(options, config):
    """On this machine, of which all else is unknown: what --jobs says, or a job for so many cores as one takes."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    return options.jobs or max(1, cores // config.get("threads", 1))


def last_line(path):
    try:
        lines = [line for line in path.read_text(errors="replace").splitlines() if line.strip()]
        # A study names what failed before it counts.
        return next((line for line in reversed(lines) if " failed: " in line), (lines or ["it said nothing"])[-1]).strip()
    except OSError:
        return "there is no log: its node may not see this folder, or its job was removed"


def profile_folder(name):
    """One of those that come with the project by its name, or a user's own."""
    for folder in (plan.WORKFLOW / "profiles" / name, Path(name).resolve()):
        if (folder / "config.yaml").exists():
            return folder
    raise plan.PlanError(f'There is no profile "{name}"; it must be local, slurm, kubernetes, or a folder with config.yaml.')


def command(options, config, out):
    threads = config.get("threads", 1)
    words = [sys.executable, "-m", "snakemake", "--snakefile", plan.WORKFLOW / "Snakefile", "--directory", out, "--nolock"]
    words += ["--configfile", Path(options.config).resolve(), "--profile", profile_folder(options.profile)]
    words += ["--runtime-source-cache-path", options.source_cache]
    if options.profile == "local":
        megabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 10**6
        words += ["--cores", jobs_at_once(options, config) * threads, "--resources", f"mem_mb={megabytes}"]
    elif options.jobs:
        words += ["--jobs", options.jobs]
    if options.dry_run:
        words += ["--dry-run"]
    return [str(word) for word in words]


def follow(process, out, configurations, screen):
    """Passes on what matters of what Snakemake says. Returns its last lines."""
    started, at_start = time.monotonic(), minutes_to_do(out, configurations)
    last, failing = [], False
    with open(out / "logs" / "sweep.log", "w") as log:
        for line in process.stdout:
            log.write(line)
            log.flush()
            last = [*last[-60:], line.rstrip()]
            failing = failing or re.match(r"Error in (rule|group)", line) is not None
            place = re.match(r"\s+log: (\S+)", line)
            if failing and place:
                failing = False
                path = out / place[1].rstrip(",")
                screen.line(f"  {path.stem} ({path.parent.name}) failed: {last_line(path)}")
            # Snakemake counts its target as a step too.
            steps = re.search(r"(\d+) of (\d+) steps", line)
            if steps and steps[1] != steps[2]:
                left = minutes_to_do(out, configurations)
                seconds = (time.monotonic() - started) * left / (at_start - left) if left < at_start else 0
                screen.status(f"  {steps[1]} of {int(steps[2]) - 1} jobs" + (f", about {duration(seconds)} left" if seconds else ""))
    return last


def jobs_to_run(last):
    """Of a dry run's table: as in "setup 1, prepare 2, train 4"."""
    rows = [re.fullmatch(r"(\w+)\s+(\d+)", line.strip()) for line in last]
    return ", ".join(f"{row[1]} {row[2]}" for row in rows if row and row[1] not in ("all", "total"))


def processors(out):
    """The kinds of processors that the studies were computed on."""
    manifests = [json.loads(path.read_text()) for path in (out / "studies").rglob("manifest.json")]
    return sorted({manifest["about"]["environment"].get("processor", "unknown") for manifest in manifests})


def main():
    parser = argparse.ArgumentParser()
    for name in ("--config", "--profile", "--source-cache"):
        parser.add_argument(name, required=True)
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--dry-run", action="store_true")
    options = parser.parse_args()
    config = plan.read_config(options.config)
    at_once = jobs_at_once(options, config) if options.profile == "local" else 0
    configurations, out, screen = plan.plan_of(config, at_once), plan.out_folder(config), Screen()
    for line in plan.cost_lines(config, configurations):
        screen.line(line)
    (out / "logs").mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    environment = {**os.environ, "PYTHONPATH": str(plan.WORKFLOW / "plugins"), "ATTENTION_SWEEP_JOBS": str(at_once)}
    process = subprocess.Popen(command(options, config, out), env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    stopped = []
    signal.signal(signal.SIGINT, lambda *_: stopped.append(1))
    last = follow(process, out, configurations, screen)
    code = process.wait()
    number = sum(one["size"] for one in configurations)
    there = f"{analysed(out, configurations)} of {plan.counted(number, 'configuration')}"
    if code == 0 and options.dry_run:
        screen.line(f"To run: {jobs_to_run(last) or 'nothing, all is there'}; what it would do in full is in {out / 'logs' / 'sweep.log'}")
    elif code == 0:
        screen.line(
            f"Done: {there} in {duration(time.monotonic() - started)}; open {out / 'report' / 'index.html'}, tables beside the published numbers are in {out / 'report' / 'tables'}, studies in {out / 'studies'}"
        )
        kinds = processors(out)
        if len(kinds) > 1:
            screen.line(f"They were computed on {len(kinds)} kinds of processors, {' and '.join(kinds)}: the last bits of numbers may differ between these.")
    elif stopped:
        screen.line(f"Stopped with {there} finished in {out}; what is done is kept, and the same command goes on from there.")
    else:
        if not any(line.startswith("Error in") for line in last):
            print("\n".join(last[-12:]))
        screen.line(
            f"{there} finished, the rest failed; what is done is kept in {out}, what each job said in {out / 'logs'}, and the same command goes on from there."
        )
    sys.exit(130 if stopped else min(code, 1))


if __name__ == "__main__":
    try:
        main()
    except plan.PlanError as error:
        sys.exit(str(error))
