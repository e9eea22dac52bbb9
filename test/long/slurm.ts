import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { freemem, hostname } from "node:os";
import { join } from "node:path";

const configuration = "/etc/slurm/slurm.conf";
const mark = "# Written by a test of attention-is-not-explanation, which removes it.";

/** Why there can be no cluster of our own on this machine; undefined where there can. */
export function lackingForSlurm(): string | undefined {
  const missing = ["slurmctld", "slurmd", "munged"].filter((name) => !existsSync(`/usr/sbin/${name}`));
  if (missing.length > 0)
    return `${missing.join(", ")} not installed; on Debian and Ubuntu: apt install slurm-wlm munge`;
  if (process.getuid?.() !== 0) return "a cluster of one node is started by root only";
  if (existsSync(configuration) && !readFileSync(configuration, "utf8").startsWith(mark))
    return `${configuration} is that of another cluster`;
  return undefined;
}

/** A Slurm cluster of one node with two processors, without accounting, until it is stopped. */
export class SlurmCluster {
  private readonly daemons = new Map<string, ChildProcess>();

  /** @param folder for keys, state and logs */
  constructor(private readonly folder: string) {
    mkdirSync(join(folder, "state"), { recursive: true });
    mkdirSync(join(folder, "spool"));
    const key = join(folder, "munge.key");
    writeFileSync(key, randomBytes(1024), { mode: 0o400 });
    mkdirSync("/etc/slurm", { recursive: true });
    writeFileSync(configuration, this.settings());
    const munge = ["--foreground", "--force", "--key-file", key, "--socket", join(folder, "munge.socket")];
    const files = ["--pid-file", join(folder, "munge.pid"), "--seed-file", join(folder, "munge.seed")];
    this.start("munged", [...munge, ...files, "--log-file", join(folder, "munge.log")]);
  }

  private settings(): string {
    const host = hostname();
    const { folder } = this;
    const [controller, daemon] = [16817, 16818];
    return `${mark}
ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmUser=root
SlurmctldPort=${controller}
SlurmdPort=${daemon}
AuthType=auth/munge
AuthInfo=socket=${join(folder, "munge.socket")}
StateSaveLocation=${join(folder, "state")}
SlurmdSpoolDir=${join(folder, "spool")}
SlurmctldPidFile=${join(folder, "slurmctld.pid")}
SlurmdPidFile=${join(folder, "slurmd.pid")}
SlurmctldLogFile=${join(folder, "slurmctld.log")}
SlurmdLogFile=${join(folder, "slurmd.log")}
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
ReturnToService=2
NodeName=${host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=${Math.floor(freemem() / 2 ** 20)} Features=credentialed State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
  }

  /** Starts both daemons and waits until the node takes jobs. */
  async ready(): Promise<void> {
    await waitUntil(() => existsSync(join(this.folder, "munge.socket")), 20, "munged");
    this.start("slurmctld", ["-D"]);
    this.start("slurmd", ["-D"]);
    await waitUntil(() => this.ask("sinfo", "-h", "-o", "%T") === "idle", 60, "an idle node");
  }

  async restartNode(): Promise<void> {
    const daemon = this.daemons.get("slurmd")!;
    const ended = new Promise((done) => daemon.on("close", done));
    daemon.kill("SIGTERM");
    await ended;
    this.start("slurmd", ["-D"]);
  }

  /** Running jobs: their ids and what Snakemake says of each, as in "rule_train_wildcards_sst-…". */
  running(): { id: string; comment: string }[] {
    const lines = this.ask("squeue", "-h", "-t", "RUNNING", "-o", "%i %k").split("\n").filter(Boolean);
    return lines.map((line) => ({ id: line.split(" ")[0]!, comment: line.slice(line.indexOf(" ") + 1) }));
  }

  /** The processes of a job. */
  processes(id: string): number[] {
    const lines = this.ask("scontrol", "listpids", id).split("\n").slice(1);
    return lines.map((line) => Number(line.trim().split(/\s+/)[0])).filter((pid) => pid > 0);
  }

  ask(program: string, ...args: string[]): string {
    try {
      return execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    } catch {
      return "";
    }
  }

  private start(name: string, args: string[]): void {
    const output = openSync(join(this.folder, `${name}.output`), "a");
    this.daemons.set(name, spawn(`/usr/sbin/${name}`, args, { stdio: ["ignore", output, output] }));
  }

  async stop(): Promise<void> {
    this.ask("scancel", "--user=root");
    for (const daemon of [...this.daemons.values()].reverse()) {
      const ended = new Promise((done) => daemon.on("close", done));
      daemon.kill("SIGTERM");
      if (daemon.exitCode === null && daemon.signalCode === null) await ended;
    }
    rmSync(configuration, { force: true });
  }
}

/** @throws Error after so many seconds */
export async function waitUntil(isSo: () => boolean, seconds: number, what: string): Promise<void> {
  const end = Date.now() + 1000 * seconds;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`There is no ${what} after ${seconds} seconds.`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
