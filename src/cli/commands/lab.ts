import { spawn } from "node:child_process";
import { once } from "node:events";
import { UserError } from "../../errors";
import { projectFolder } from "../../paths";
import { jupyterEnvironment, type Machine, type Prepared } from "../setup/setUp";

/** Runs JupyterLab on the notebooks, for this machine alone, until Ctrl-C; a second one ends it at once. */
export async function openLab(
  { terminal, onStop }: Prepared,
  { python }: Machine,
  options: { browser: boolean; port?: number },
): Promise<void> {
  const settings = {
    "ServerApp.ip": "127.0.0.1",
    ...(options.port && { "ServerApp.port": options.port, "ServerApp.port_retries": 0 }),
    "ServerApp.root_dir": projectFolder,
    "ServerApp.open_browser": options.browser ? "True" : "False",
    "LabApp.default_url": "/lab/tree/notebooks",
    "MultiKernelManager.default_kernel_name": "typescript-attention",
    // Its address, and what does not work.
    "Application.log_level": "ERROR",
    "Application.log_format": "%(message)s",
  };
  const words = Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
  // In a session of its own, so that Ctrl-C reaches it only through us.
  const server = spawn(python, ["-m", "jupyterlab", "--allow-root", ...words], {
    cwd: projectFolder,
    // With a token of the user's it would not print its address.
    env: { ...jupyterEnvironment(), JUPYTER_TOKEN: undefined, JUPYTER_TOKEN_FILE: undefined },
    detached: true,
    stdio: ["ignore", "inherit", "inherit"],
  });
  let isStopped = false;
  onStop(() => {
    server.kill(isStopped ? "SIGKILL" : "SIGTERM");
    isStopped = true;
  });
  const [code] = await once(server, "close");
  if (isStopped) terminal.line("JupyterLab has ended; the notebooks are saved as they were last saved in it.");
  else if (code !== 0) throw new UserError("JupyterLab ended by itself; what it said is above.");
}
