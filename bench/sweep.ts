// Times a sweep of twelve quick configurations: a process for each of two cores with one thread each, against one process
// with two threads, in turn, each with nothing done before but the set-up.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { linkAddon, nativeFiles } from "../src/cli/setup/nativeBackend";
import { cacheFolder, projectFolder } from "../src/paths";
import { spread } from "./contestant";
import { numberOption } from "./options";

const ways = [
  { name: "two processes of one thread", jobs: 2, threads: 1 },
  { name: "one process of two threads", jobs: 1, threads: 2 },
];

/** Seconds of the whole sweep. */
function measure({ jobs, threads }: (typeof ways)[number]): number {
  const folder = mkdtempSync(join(tmpdir(), "bench-sweep-"));
  try {
    const cache = join(folder, "attention-is-not-explanation");
    mkdirSync(cache);
    cpSync(join(cacheFolder(), "native"), join(cache, "native"), { recursive: true, preserveTimestamps: true });
    const config = join(folder, "sweep.yaml");
    const group = "{corpus: reviews, encoder: [bilstm, cnn, average], attention: [additive, dot], seed: [0, 1]}";
    writeFileSync(config, `out: ${join(folder, "out")}\nthreads: ${threads}\nstudies: [${group}]\n`);
    const started = performance.now();
    const { status } = spawnSync("npm", ["run", "sweep", "--", "--config", config, "--jobs", String(jobs)], {
      cwd: projectFolder,
      env: { ...process.env, XDG_CACHE_HOME: folder },
      stdio: ["ignore", "ignore", "inherit"],
    });
    if (status !== 0) throw new Error(`The sweep failed with exit code ${status}.`);
    return (performance.now() - started) / 1000;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const seconds = ways.map((): number[] => []);
for (let repetition = 0; repetition < (numberOption("repetitions") ?? 3); repetition++)
  for (const [index, way] of ways.entries()) {
    seconds[index]!.push(measure(way));
    console.error(`${way.name}: ${seconds[index]!.at(-1)!.toFixed(1)} s`);
  }
for (const [index, { name }] of ways.entries())
  console.log(`${name}: ${spread(seconds[index]!, 1)} s (min / median / max)`);
const ratios = seconds[1]!.map((one, index) => one / seconds[0]![index]!);
console.log(`two processes are ${spread(ratios, 2)} times as fast (wanted 1.5)`);
linkAddon(nativeFiles().addon);
