import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../errors";
import { projectFolder } from "../../paths";
import { jupyterEnvironment, type Machine, type Prepared } from "../setup/setUp";
import { logFile, openLog, usefulLines } from "../setup/steps.cjs";

/** Runs JupyterLab on the notebooks, for this machine alone, until Ctrl-C; a second one ends it at once. */
export async function openLab(
  { terminal, onStop }: Prepared,
  { python }: Machine,
  options: { browser: boolean; port?: number },
): Promise<void> {
  const log = logFile("jupyterlab");
  const output = openLog(log);
  // The token is not among the arguments, which all users can read.
  const env = { ...jupyterEnvironment(), JUPYTER_TOKEN: randomBytes(24).toString("hex") };
  const settings = {
    "ServerApp.ip": "127.0.0.1",
    ...(options.port && { "ServerApp.port": options.port, "ServerApp.port_retries": 0 }),
    "ServerApp.root_dir": projectFolder,
    "ServerApp.open_browser": options.browser ? "True" : "False",
    "LabApp.default_url": "/lab/tree/notebooks",
    "MultiKernelManager.default_kernel_name": "typescript-attention",
  };
  const words = Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
  // In a session of its own, so that Ctrl-C reaches it only through us.
  const server = spawn(python, ["-m", "jupyterlab", "--allow-root", ...words], {
    cwd: projectFolder,
    env,
    detached: true,
    stdio: ["ignore", output, output],
  });
  const ended = once(server, "close");
  let isStopped = false;
  onStop(() => {
    server.kill(isStopped ? "SIGKILL" : "SIGTERM");
    isStopped = true;
  });
  const address = await addressOf(server, env);
  if (address !== undefined) terminal.line(`JupyterLab runs at ${address}\nCtrl-C ends it.`);
  const [code] = await ended;
  if (isStopped) terminal.line("JupyterLab has ended; the notebooks are saved as they were last saved in it.");
  else if (code !== 0)
    throw new UserError(
      `JupyterLab ended by itself:\n${usefulLines(readFileSync(log, "utf8"))}\n    All it said is in ${log}.`,
    );
}

/** Where the server listens, as soon as its own file tells; undefined if it ends before. */
async function addressOf(server: ChildProcess, env: ReturnType<typeof jupyterEnvironment>) {
  const file = join(env.JUPYTER_RUNTIME_DIR!, `jpserver-${server.pid}.json`);
  while (server.exitCode === null && server.signalCode === null) {
    const { url, token } = await readFile(file, "utf8")
      .then(JSON.parse)
      .catch(() => ({}));
    if (token === env.JUPYTER_TOKEN) return `${url}lab/tree/notebooks?token=${token}`;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
