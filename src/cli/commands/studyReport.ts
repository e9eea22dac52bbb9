import { duration } from "../../notebook/progress";
import { askedName } from "../../study/design";
import type { StudyJob, StudyProgress } from "../../study/makeStudy";
import type { Terminal } from "../setup/steps.cjs";
import { resultLine, type StudyResult } from "./studyResult";

type Ended = ({ kind: "done" } & StudyResult) | { kind: "failed"; message: string } | { kind: "stopped" };

/** Tells how a study goes: one line for each configuration and a line of progress, or a JSON object a line. */
export class StudyReport {
  private readonly running = new Map<
    number,
    { since: number; stage: string; stageSince: number; progress?: StudyProgress }
  >();
  private lastLine = Date.now();
  private readonly started = Date.now();

  constructor(
    private readonly terminal: Terminal,
    private readonly jobs: readonly StudyJob[],
    private readonly json: boolean,
  ) {
    if (json) this.write({ event: "study", configurations: jobs.length });
  }

  begin(index: number): void {
    this.running.set(index, { since: Date.now(), stage: "", stageSince: Date.now() });
    if (this.json) this.write({ event: "begin", ...nameOf(this.jobs[index]!) });
  }

  progress(index: number, progress: StudyProgress): void {
    const entry = this.running.get(index)!;
    if (entry.stage !== progress.stage) Object.assign(entry, { stage: progress.stage, stageSince: Date.now() });
    entry.progress = progress;
    const pause = this.json || this.terminal.interactive ? 500 : 15_000;
    if (Date.now() - this.lastLine < pause) return;
    this.lastLine = Date.now();
    if (this.json) {
      const { stage, done, total, note } = progress;
      this.write({ event: "progress", ...nameOf(this.jobs[index]!), stage, done, total, note });
      return;
    }
    const text = [...this.running].map(([running]) => this.describe(running)).join(" | ");
    if (this.terminal.interactive) this.terminal.status(`  ${text}`);
    else this.terminal.line(`    ${text}`);
  }

  end(index: number, result: Ended): void {
    const { since } = this.running.get(index)!;
    this.running.delete(index);
    const name = nameOf(this.jobs[index]!);
    if (this.json) {
      const { kind: event, ...rest } = result;
      this.write({ event, ...name, ...rest });
      return;
    }
    const label = askedName(this.jobs[index]!);
    if (result.kind === "failed") this.terminal.line(`  ${label} failed: ${result.message}`);
    if (result.kind === "done") {
      const how = result.wasThere ? "was there already" : `in ${duration(Date.now() - since)}`;
      this.terminal.line(`  ${label}, ${how}: ${resultLine(result)}`);
    }
  }

  stopping(): void {
    if (this.json) this.write({ event: "stopping" });
    else this.terminal.line("  Stopping after this step (Ctrl-C again ends it at once).");
  }

  finish(results: readonly Ended[], isStopped: boolean): void {
    const done = results.filter(({ kind }) => kind === "done").length;
    const failed = results.filter(({ kind }) => kind === "failed").length;
    const { out } = this.jobs[0]!;
    if (this.json) {
      this.write({ event: "finished", done, failed, of: this.jobs.length, isStopped, out });
      return;
    }
    const time = duration(Date.now() - this.started);
    const of = `of ${this.jobs.length} configuration${this.jobs.length === 1 ? "" : "s"}`;
    if (isStopped)
      this.terminal.line(
        `Stopped with ${done} ${of} finished in ${out}; all that is done is kept, and the same command goes on from there.`,
      );
    else if (failed > 0)
      this.terminal.line(`${done} ${of} finished in ${time}, ${failed} failed; what is finished is in ${out}`);
    else
      this.terminal.line(
        `Done: ${done} ${of} in ${time}; the folder of each, with rows.csv, summary.json and texts.parquet, is in ${out}`,
      );
  }

  private describe(index: number): string {
    const { stageSince, progress } = this.running.get(index)!;
    if (!progress) return askedName(this.jobs[index]!);
    const { stage, done, total, note } = progress;
    const elapsed = Date.now() - stageSince;
    const share = total > 0 ? ` ${Math.floor((100 * done) / total)} %` : "";
    const left = done > 0 && done < total ? `, ${duration((elapsed * (total - done)) / done)} left` : "";
    return `${askedName(this.jobs[index]!)}: ${stage}${share}${note ? `, ${note}` : ""}${left}`;
  }

  private write(event: object): void {
    process.stdout.write(`${JSON.stringify(event)}\n`);
  }
}

function nameOf(job: StudyJob) {
  const { encoder, attention, seed } = job.options;
  return {
    name: askedName(job),
    corpus: typeof job.corpus === "string" ? job.corpus : job.corpus.path,
    encoder,
    attention,
    seed,
  };
}
