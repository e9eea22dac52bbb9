# All studies in one page and in tables beside the published numbers.


rule report:
    input:
        expand("jobs/analysed/{label}", label=CONFIGURATIONS),
    output:
        "jobs/report",
    log:
        "logs/report.log",
    resources:
        mem_mb=lambda wildcards, attempt: (1500 + 20 * len(CONFIGURATIONS)) * attempt,
        runtime=lambda wildcards, attempt: (15 + len(CONFIGURATIONS) // 4) * attempt,
    shell:
        "cd {PROJECT} && npm run --silent report -- {OUT}/studies --out {OUT}/report > {OUT}/{log} 2>&1 && touch {OUT}/{output}"
