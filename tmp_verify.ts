import { computeStudy } from "./src/cli/commands/study";
import { compareAgain, jobsAgain } from "./src/cli/commands/verify";
(async () => {
  const out = "/tmp/res15/verify";
  const jobs = await jobsAgain("/tmp/res15/study/quick", 1, out);
  console.log(jobs.map((j) => JSON.stringify(j)));
  const terminal = { line: (t: string) => console.log(t), status: () => undefined, interactive: false };
  await computeStudy({ terminal, onStop: () => undefined } as never, jobs, { jobs: 1, json: false });
  for (const { text } of await compareAgain("/tmp/res15/study/quick", out)) console.log(text);
})();
