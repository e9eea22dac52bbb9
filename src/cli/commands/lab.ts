import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { UserError } from "../../errors";
import { projectFolder } from "../../paths";
import { jupyterEnvironment, type Machine, type Prepared } from "../setup/setUp";
import { logFile, openLog, usefulLines } from "../setup/steps.cjs";

const usualPort = 8888;

/**
 * Runs JupyterLab on the notebooks, for this machine alone and with a token, until Ctrl-C. The first one ends the server
 * and its kernels in order, the second at once.
 */
export async function openLab(
  { terminal, onStop }: Prepared,
  machine: Machine,
  options: { browser: boolean; port?: number },
): Promise<void> {
  const port = await choosePort(options.port);
  if (options.port === undefined && port !== usualPort)
    terminal.line(`Port ${usualPort} is in use; JupyterLab takes the next free one, ${port}.`);
  const token = randomBytes(24).toString("hex");
  const log = logFile("jupyterlab");
  const server = startServer(machine.python, { port, token, browser: options.browser, log });
  const ended = once(server, "close");
  let isStopped = false;
  onStop(() => {
    server.kill(isStopped ? "SIGKILL" : "SIGTERM");
    isStopped = true;
  });
  const address = `http://127.0.0.1:${port}/lab/tree/notebooks?token=${token}`;
  await Promise.race([ended, untilItAnswers(server, port, token)]);
  if (isRunning(server)) terminal.line(`JupyterLab runs at ${address}\nCtrl-C ends it.`);
  const [code] = await ended;
  if (isStopped) terminal.line("JupyterLab has ended; the notebooks are saved as they were last saved in it.");
  else if (code !== 0)
    throw new UserError(
      `JupyterLab ended by itself:\n${usefulLines(readFileSync(log, "utf8"))}\n    All it said is in ${log}.`,
    );
}

/** In a session of its own, so that Ctrl-C reaches it only through us; the token is not among its arguments. */
function startServer(
  python: string,
  { port, token, browser, log }: { port: number; token: string; browser: boolean; log: string },
): ChildProcess {
  const settings = {
    "ServerApp.ip": "127.0.0.1",
    "ServerApp.port": port,
    "ServerApp.port_retries": 0,
    "ServerApp.root_dir": projectFolder,
    "ServerApp.open_browser": browser ? "True" : "False",
    "LabApp.default_url": "/lab/tree/notebooks",
    "MultiKernelManager.default_kernel_name": "typescript-attention",
  };
  const options = Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
  const output = openLog(log);
  return spawn(python, ["-m", "jupyterlab", "--allow-root", ...options], {
    cwd: projectFolder,
    env: { ...jupyterEnvironment(), JUPYTER_TOKEN: token },
    detached: true,
    stdio: ["ignore", output, output],
  });
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

async function untilItAnswers(server: ChildProcess, port: number, token: string): Promise<void> {
  while (isRunning(server)) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/status?token=${token}`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** The wanted port, which must be free, or else 8888 or the next free one. */
export async function choosePort(wanted: number | undefined, first = usualPort): Promise<number> {
  const from = wanted ?? first;
  for (let port = from; port < Math.min(from + 100, 65536); port++) {
    if (!(await isFree(port))) continue;
    if (wanted === undefined || port === wanted) return port;
    throw new UserError(`Port ${wanted} is in use; free are --port ${port} and others, or leave --port out.`);
  }
  throw new UserError(`Port ${from} and those after it are in use; name a free one with --port.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
