# Set-up once on each kind of node: packages, libtensorflow, and kernels that are compiled for its processor.


rule setup:
    output:
        "jobs/setup/{kind}",
    log:
        "logs/setup/{kind}.log",
    params:
        software=plan.software(),
    threads: THREADS
    resources:
        mem_mb=2000,
        runtime=30,
        constraint=lambda wildcards: None if wildcards.kind == "any" else wildcards.kind,
        machine_type=lambda wildcards: None if wildcards.kind == "any" else wildcards.kind,
    retries: 0
    run:
        with open(log[0], "w") as told:
            try:
                nodes.check_software(OUT)
                nodes.check_native(PROJECT, told)
            except nodes.NodeError as error:
                print(error, file=told, flush=True)
                raise WorkflowError(str(error))
        Path(output[0]).touch()
