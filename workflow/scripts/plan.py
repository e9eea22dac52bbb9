"""The configurations of a sweep: what `npm run study` is given for each, and what each is expected to cost.

As a program it writes the plan of a configuration file as JSON, or the one sentence that says what is wrong with it.
"""

import csv
import difflib
import hashlib
import json
import math
import os
import sys
from pathlib import Path

import jsonschema
import yaml

WORKFLOW = Path(__file__).resolve().parent.parent
PROJECT = WORKFLOW.parent
SCHEMA = yaml.safe_load((WORKFLOW / "schemas" / "config.schema.yaml").read_text())
COMBINED = ["encoder", "attention", "weights", "seed"]
RESTRICTED = ["adr", "diabetes", "anemia"]
# On one machine short configurations share a job, up to so many minutes: each job starts Node.js and TensorFlow anew.
TOGETHER_MINUTES = 30


class PlanError(Exception):
    """What is wrong, in one sentence."""


def read_config(path):
    """The configuration of a file, checked."""
    try:
        config = yaml.safe_load(Path(path).read_text())
    except OSError as error:
        raise PlanError(f"The configuration {path} cannot be read ({error.strerror}); name a file that is there.") from None
    except yaml.YAMLError as error:
        place = getattr(error, "problem_mark", None)
        line = f" in line {place.line + 1}" if place else ""
        raise PlanError(f"The configuration {path} must be YAML, but it is not{line}; compare workflow/config/config.yaml.") from None
    return check_config(config, path)


def check_config(config, path):
    """The configuration, if it keeps the schema."""
    error = next(jsonschema.Draft202012Validator(SCHEMA).iter_errors(config), None)
    if error is None:
        return config
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path).lstrip(".")
    if error.validator == "additionalProperties" and error.schema["additionalProperties"] is False:
        valid = list(error.schema["properties"])
        name = next(name for name in error.instance if name not in valid)
        near = difflib.get_close_matches(str(name), valid, 1)
        question = f'; did you mean "{near[0]}"?' if near else "."
        inside = f" of {place}" if place else ""
        listed = ", ".join(f'"{one}"' for one in valid)
        raise PlanError(f'{path}: there is no option "{name}"{inside}{question} It must be one of {listed}.')
    if error.validator == "required":
        missing = next(name for name in error.validator_value if name not in error.instance)
        inside = f" of {place}" if place else ""
        rule = error.schema["properties"][missing]["description"]
        raise PlanError(f'{path}: the option "{missing}"{inside} is missing; it must be {rule}.')
    what = f'the option "{place}"' if place else "it"
    came = json.dumps(error.instance, ensure_ascii=False, default=str)
    raise PlanError(f"{path}: {what} must be {error.schema['description']}, but {came} came.")


def listed(value):
    return value if isinstance(value, list) else [value]


def written(value):
    return ",".join(str(one) for one in listed(value))


def counted(number, noun):
    return f"{number} {noun}{'' if number == 1 else 's'}"


def short_hash(value):
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:8]


def study_arguments(group, corpus, out):
    """What `npm run study` is given for all configurations of a group on a corpus, but for encoder and the like."""
    arguments = ["--corpus", corpus, "--profile", group.get("profile", "quick"), "--out", str(out)]
    for flag in ["vectors", "limit"]:
        if flag in group:
            arguments += [f"--{flag}", str(group[flag])]
    for flag in ["set", "analysis"]:
        for name, value in group.get(flag, {}).items():
            arguments += [f"--{flag}", f"{name}={written(value)}"]
    return arguments


def resources_of(corpus, profile):
    """The row of workflow/resources.csv for one configuration; that of SST's size where a corpus has none."""
    with (WORKFLOW / "resources.csv").open() as file:
        rows = list(csv.DictReader(file))
    own = [row for row in rows if row["corpus"] == corpus.replace("-question-only", "") and row["profile"] == profile]
    row = (own or [row for row in rows if row["corpus"] == "*"])[0]
    return {name: int(value) for name, value in row.items() if name.endswith(("minutes", "mb"))}


def out_folder(config):
    return (PROJECT / config["out"]).resolve()


def size_of(axes):
    return math.prod(len(values) for _, values in axes)


def apart(axes, most):
    """The axes in parts of at most so many combinations each; the last are taken apart first."""
    places = [place for place, (_, values) in enumerate(axes) if len(values) > 1]
    if not places or size_of(axes) <= most:
        return [axes]
    name, values = axes[places[-1]]
    parts = ([*axes[: places[-1]], (name, [value]), *axes[places[-1] + 1 :]] for value in values)
    return [part for one in parts for part in apart(one, most)]


def plan_of(config, at_once=int(os.environ.get("ATTENTION_SWEEP_JOBS", 0))):
    """Every configuration once: its label, corpus, arguments, resources, and the preparation that it waits for.

    at_once: of a sweep on one machine, the jobs that run at a time. Short configurations of a corpus are then one entry, up to
    half an hour and as long as each job that runs at a time has two of them; it is trained and analysed in one job.
    """
    groups = [(group, corpus) for group in config["studies"] for corpus in listed(group["corpus"])]
    axes_of = lambda group: [(name, listed(group[name])) for name in COMBINED if name in group]
    share = sum(size_of(axes_of(group)) for group, _ in groups) // (2 * at_once) if at_once else 1
    entries = {}
    for group, corpus in groups:
        shared = study_arguments(group, corpus, out_folder(config) / "studies")
        resources = resources_of(corpus, group.get("profile", "quick"))
        minutes = resources["training_minutes"] + resources["analysis_minutes"]
        for part in apart(axes_of(group), max(1, min(TOGETHER_MINUTES // minutes, share))):
            own = [word for name, values in part for word in (f"--{name}", written(values))]
            words = "-".join(f"seed{written(values)}" if name == "seed" else written(values) for name, values in part)
            label = f"{corpus}-{words}-{short_hash(shared[:4] + shared[6:] + own)}".replace("/", "_").replace("--", "-").replace(",", "+")
            entries[label] = {
                "label": label,
                "corpus": corpus,
                "restricted": corpus in RESTRICTED,
                "arguments": shared + own,
                "preparation": f"{corpus}-{short_hash([group.get('vectors'), group.get('limit'), group.get('profile')])}",
                "size": size_of(part),
                "together": at_once > 0 and minutes <= TOGETHER_MINUTES,
                **{name: value * size_of(part) if name.endswith("minutes") else value for name, value in resources.items()},
            }
    return list(entries.values())


def jobs_of(entries):
    return sum(1 if one["together"] else 2 for one in entries)


def cost_lines(config, configurations):
    """Jobs and expected core-hours by corpus, and of all."""
    threads = config.get("threads", 1)
    lines = []
    total = 0
    for corpus in dict.fromkeys(one["corpus"] for one in configurations):
        of_corpus = [one for one in configurations if one["corpus"] == corpus]
        minutes = [sum(one[f"{step}_minutes"] for one in of_corpus) for step in ("training", "analysis")]
        memory = max(max(one["training_mb"], one["analysis_mb"]) for one in of_corpus)
        # The table was measured on two cores; one core alone takes up to twice as long, so core-hours are the same.
        hours = [2 * each / 60 for each in minutes]
        total += sum(hours)
        lines.append(
            f"  {corpus:<22}{jobs_of(of_corpus):>6} job{'' if jobs_of(of_corpus) == 1 else 's'}, training about {hours[0]:,.1f} and analysis about {hours[1]:,.1f} core-hours, up to {memory / 1000:.1f} GB each"
        )
    of_job = lambda one: (one["training_minutes"] + one["analysis_minutes"],) if one["together"] else (one["training_minutes"], one["analysis_minutes"])
    longest = max(minutes for one in configurations for minutes in of_job(one)) * (2 / min(threads, 2))
    longest = f"{longest / 60:,.1f} hours" if longest >= 60 else counted(math.ceil(longest), "minute")
    preparations = {one["preparation"] for one in configurations if not one["together"]}
    jobs = jobs_of(configurations) + len(config.get("kinds", [""])) + len(preparations) + 1
    number = sum(one["size"] for one in configurations)
    lines.append(
        f"  {counted(number, 'configuration')}, {jobs} jobs, about {total:,.1f} core-hours; the longest job about {longest} on {threads} core{'s' if threads > 1 else ''}"
    )
    return lines


def software():
    """A hash of the sources and the lists of packages: all that decides a number but the processor."""
    digest = hashlib.sha256()
    files = [PROJECT / "package-lock.json", *sorted(path for path in (PROJECT / "src").rglob("*") if path.is_file())]
    for path in files:
        digest.update(str(path.relative_to(PROJECT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def main():
    try:
        config = read_config(sys.argv[1])
        configurations = plan_of(config)
    except PlanError as error:
        sys.exit(str(error))
    plan = {
        "out": str(out_folder(config)),
        "restricted": config.get("restricted", {}).get("nodes"),
        "configurations": configurations,
        "cost": cost_lines(config, configurations),
    }
    print(json.dumps(plan))


if __name__ == "__main__":
    main()
