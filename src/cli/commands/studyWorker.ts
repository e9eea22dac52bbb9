// A process that computes one configuration of the study after another, as its parent sends them, until an interrupt.
import { explained, UserError } from "../../errors";
import { makeModel, makeStudy, type StudyControl, type StudyJob, type StudyProgress } from "../../study/makeStudy";
import { type Ended, resultOf } from "./study";

export type FromWorker = ({ kind: "progress" } & StudyProgress) | Ended;

const controller = new AbortController();
const answer = (message: FromWorker) => process.send!(message);

process.on("SIGINT", () => controller.abort(new UserError("Stopped.")));
process.on("disconnect", () => process.exit(1));
process.on("message", run);

async function run(job: StudyJob): Promise<void> {
  const { signal } = controller;
  try {
    const control: StudyControl = { signal, onProgress: (progress) => answer({ kind: "progress", ...progress }) };
    if (job.only === "preparation" || job.only === "training")
      await makeModel(job, control).then(() => answer({ kind: "begun" }));
    else answer({ kind: "done", ...resultOf(await makeStudy(job, control)) });
  } catch (error) {
    const { name, message, stack } = explained(error) as Error;
    if (signal.aborted) answer({ kind: "stopped" });
    else answer({ kind: "failed", message: name === "UserError" ? message : String(stack) });
  }
}
