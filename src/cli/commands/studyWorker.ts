// A process that computes one configuration of the study after another, as its parent sends them.
import { UserError } from "../../errors";
import { makeStudy, type StudyJob, type StudyProgress } from "../../study/makeStudy";
import { resultOf, type StudyResult } from "./studyResult";

/** What the parent sends. */
export type ToWorker = { kind: "run"; job: StudyJob } | { kind: "stop" };

/** What the worker answers. */
export type FromWorker =
  | ({ kind: "progress" } & StudyProgress)
  | ({ kind: "done" } & StudyResult)
  | { kind: "stopped" }
  | { kind: "failed"; message: string };

const controller = new AbortController();
const answer = (message: FromWorker) => process.send!(message);

// Ctrl-C reaches the whole process group; the parent decides what it means.
process.on("SIGINT", () => undefined);
process.on("disconnect", () => process.exit(1));
process.on("message", (message: ToWorker) => {
  if (message.kind === "stop") controller.abort(new UserError("Stopped."));
  else run(message.job);
});

async function run(job: StudyJob): Promise<void> {
  const { signal } = controller;
  try {
    const study = await makeStudy(job, {
      signal,
      onProgress: (progress) => answer({ kind: "progress", ...progress }),
    });
    answer({ kind: "done", ...resultOf(study) });
  } catch (error) {
    if (signal.aborted) answer({ kind: "stopped" });
    else
      answer({ kind: "failed", message: error instanceof UserError ? error.message : String((error as Error).stack) });
  }
}
