# One job for each corpus, and two for each configuration; on one machine short configurations share one job for both. What
# a killed job has done is kept by the study itself: tried again, with more memory and time, it goes on where it was.


def node_of(one, key):
    return config.get("restricted", {}).get(key) if one["restricted"] else None


def asked(wildcards):
    return CONFIGURATIONS[wildcards.label] if "label" in wildcards.keys() else PREPARATIONS[wildcards.preparation]


def steps_of(one, step):
    """What a job computes: its own step, or both."""
    return ["training", "analysis"] if one["together"] and step == "analysis" else [step]


def memory(step):
    most = lambda one: max(one[f"{each}_mb"] for each in steps_of(one, step))
    return lambda wildcards, attempt: most(asked(wildcards)) * attempt


def minutes(step):
    """Three times what is expected of one thread: nodes differ, and some share a processor."""
    slower = 2 / min(THREADS, 2)
    expected = lambda one: sum(one[f"{each}_minutes"] for each in steps_of(one, step))
    return lambda wildcards, attempt: int(3 * slower * expected(asked(wildcards)) + 10) * attempt


def arguments(wildcards):
    return " ".join(shlex.quote(word) for word in asked(wildcards)["arguments"])


# The threads of the native backend follow the job's processors, and Node's heap its memory.
STUDY = (
    "{sys.executable} {workflow.basedir}/scripts/nodes.py {OUT} > {log} 2>&1 && cd {PROJECT} && "
    "ATTENTION_BACKEND=native TF_NUM_INTRAOP_THREADS={threads} TF_NUM_INTEROP_THREADS={threads} "
    'NODE_OPTIONS="${{NODE_OPTIONS:-}} --max-old-space-size=$(({resources.mem_mb} * 3 / 4))" '
    "npm run --silent study -- {params.arguments} {params.step} >> {OUT}/{log} 2>&1 && touch {OUT}/{output}"
)


rule prepare:
    input:
        expand("jobs/setup/{kind}", kind=KINDS),
    output:
        "jobs/prepared/{preparation}",
    log:
        "logs/prepared/{preparation}.log",
    params:
        arguments=arguments,
        step="--only preparation",
    resources:
        mem_mb=memory("training"),
        runtime=lambda wildcards, attempt: 60 * attempt,
        constraint=lambda wildcards: node_of(asked(wildcards), "nodes"),
        machine_type=lambda wildcards: node_of(asked(wildcards), "nodes"),
        slurm_partition=lambda wildcards: node_of(asked(wildcards), "partition"),
    shell:
        STUDY


rule train:
    input:
        lambda wildcards: f"jobs/prepared/{asked(wildcards)['preparation']}",
    output:
        "jobs/trained/{label}",
    log:
        "logs/trained/{label}.log",
    params:
        arguments=arguments,
        step="--only training",
    threads: THREADS
    resources:
        mem_mb=memory("training"),
        runtime=minutes("training"),
        constraint=lambda wildcards: node_of(asked(wildcards), "nodes"),
        machine_type=lambda wildcards: node_of(asked(wildcards), "nodes"),
        slurm_partition=lambda wildcards: node_of(asked(wildcards), "partition"),
    shell:
        STUDY


rule analyse:
    input:
        lambda wildcards: (
            expand("jobs/setup/{kind}", kind=KINDS) if asked(wildcards)["together"] else f"jobs/trained/{wildcards.label}"
        ),
    output:
        "jobs/analysed/{label}",
    log:
        "logs/analysed/{label}.log",
    params:
        arguments=arguments,
        step=lambda wildcards: "" if asked(wildcards)["together"] else "--only analysis",
    threads: THREADS
    resources:
        mem_mb=memory("analysis"),
        runtime=minutes("analysis"),
        constraint=lambda wildcards: node_of(asked(wildcards), "nodes"),
        machine_type=lambda wildcards: node_of(asked(wildcards), "nodes"),
        slurm_partition=lambda wildcards: node_of(asked(wildcards), "partition"),
    shell:
        STUDY
