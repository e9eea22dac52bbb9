// Plain JavaScript without packages: it installs them. Everything that may use a package is in main.ts.
const fs = require("node:fs");
const { dirname, join, relative } = require("node:path");
const { cacheFolder, projectFolder } = require("../../paths.js");
const { sha256 } = require("../../sha256.js");
const { writeStartPage } = require("./startPage.cjs");
const { Terminal, UserError, explain, npm, pipEnvironment, run } = require("./steps.cjs");

const environmentFolder = join(projectFolder, ".venv");
const notebookRequirements = join(__dirname, "requirements.txt");

async function start(args) {
  const terminal = new Terminal(args.includes("--json") ? process.stderr : process.stdout);
  const onStop = handleSignals();
  try {
    if (process.platform === "win32")
      throw new UserError("Windows itself is not supported; use the Windows Subsystem for Linux (wsl --install).");
    process.chdir(projectFolder);
    requireWritable(cacheFolder());
    if (args[0] === "start")
      terminal.line(
        `${relative(projectFolder, writeStartPage())} has the questions, and what was found; each notebook that ends adds what it found here.`,
      );
    const environment = await prepare(terminal);
    require("tsx/cjs");
    await require("../main.ts").main(args, { terminal, environment, onStop, workflowPython });
  } catch (error) {
    terminal.clear();
    if (error.name === "UserError") new Terminal(process.stderr).line(error.message);
    else console.error(error);
    process.exit(1);
  }
}

/** Makes node_modules match the lockfile and .venv requirements.txt; the latter may still be in the making. */
async function prepare(terminal) {
  const isReady = () => packagesMatch(projectFolder) && environmentIsReady(environmentFolder);
  if (isReady()) return finishedEnvironment();
  const basePython = await findPython();
  const release = await lockFolder(join(cacheFolder(), "locks", sha256(projectFolder).slice(0, 16)), () =>
    terminal.line("Another set-up of this folder is at work; waiting until it is done."),
  );
  if (!isReady()) terminal.line("Setting up; the first time this downloads about 500 MB and takes some minutes.");
  const environment = environmentIsReady(environmentFolder)
    ? finishedEnvironment()
    : makeEnvironment(terminal, basePython);
  const packages = packagesMatch(projectFolder) ? Promise.resolve() : installPackages(terminal);
  Promise.allSettled([packages, environment.ready]).then(release);
  await Promise.race([packages, environment.ready.then(() => packages)]);
  return environment;
}

/** The Python of an environment of its own, with Snakemake, which is made at its first use. */
async function workflowPython() {
  const folder = join(projectFolder, ".venv-workflow");
  const requirements = join(projectFolder, "workflow", "requirements.txt");
  const release = await lockFolder(join(cacheFolder(), "locks", sha256(folder).slice(0, 16)), () => {});
  try {
    if (environmentIsReady(folder, requirements)) return environmentPython(folder);
    return await makeEnvironment(new Terminal(), await findPython(undefined, 11), folder, requirements).ready;
  } finally {
    release();
  }
}

function requireWritable(folder) {
  try {
    makeFolder(folder);
    // Logs and JupyterLab's files in it can hold a password or a token.
    if (fs.statSync(folder).uid === process.getuid()) fs.chmodSync(folder, 0o700);
    fs.accessSync(folder, fs.constants.W_OK);
  } catch (error) {
    if (error.code === "ENOSPC") throw new UserError(`There is no space left in ${folder}; free some and start again.`);
    throw new UserError(
      `The cache folder ${folder} cannot be written (${error.code}); make it writable, or set XDG_CACHE_HOME to a folder that is.`,
    );
  }
}

/** Node's own recursive mkdir hides the reason on read-only file systems, and never ends below /proc. */
function makeFolder(path) {
  if (fs.existsSync(path)) return;
  makeFolder(dirname(path));
  tryMake(path);
}

/** Prints the version, and whether venv is complete: on Debian ensurepip is in a package of its own. */
const pythonProbe = `import sys, importlib.util as u
print(*sys.version_info[:2], int(all(map(u.find_spec, ["venv", "ensurepip"]))))`;

/** The first Python that can make an environment: 3.9 or newer, or what is wanted, with its venv module. */
async function findPython(
  commands = ["python3", ...[14, 13, 12, 11, 10, 9].map((minor) => `python3.${minor}`), "python"],
  wanted = 9,
) {
  let lack = "there is none";
  for (const command of commands) {
    const answer = await run(command, ["-c", pythonProbe]).catch(() => "");
    const [, major, minor, complete] = /^(\d+) (\d+) ([01])/.exec(answer) ?? [];
    if (major === undefined) continue;
    const isNewEnough = Number(major) === 3 && Number(minor) >= wanted;
    if (isNewEnough && complete === "1") return command;
    const problem = `${command} ${isNewEnough ? `(${major}.${minor}) has no complete venv module` : `is ${major}.${minor}`}`;
    if (lack === "there is none" || isNewEnough) lack = problem;
  }
  throw new UserError(
    `Python 3.${wanted} or newer with its venv module is needed, but ${lack}; install it: ` +
      "Debian/Ubuntu: sudo apt install python3 python3-venv; Fedora: sudo dnf install python3; macOS: brew install python.",
  );
}

/** Whether every package of the lockfile is installed in its version; those for other platforms may lack. */
function packagesMatch(folder) {
  const wanted = packagesOf(join(folder, "package-lock.json"));
  const installed = packagesOf(join(folder, "node_modules", ".package-lock.json"));
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === "") return true;
    if (installed[path] === undefined) return optional === true;
    return installed[path].version === version && fs.existsSync(join(folder, path, "package.json"));
  });
}

function packagesOf(lockfile) {
  try {
    return JSON.parse(fs.readFileSync(lockfile, "utf8")).packages;
  } catch {
    return {};
  }
}

function installPackages(terminal) {
  const args = ["ci", "--include=dev", "--include=optional"];
  const options = { cwd: projectFolder, log: "npm-ci" };
  return terminal.step("npm packages", () => npm("Installing the npm packages", args, options));
}

function environmentPython(folder = environmentFolder) {
  return join(folder, "bin", "python");
}

function environmentKey(folder, requirements) {
  return sha256(`1\n${folder}\n${fs.readFileSync(requirements, "utf8")}`);
}

/** Whether the environment was completed for these requirements, at this place. */
function environmentIsReady(folder, requirements = notebookRequirements) {
  const mark = join(folder, "set-up.sha256");
  if (!fs.existsSync(mark) || !fs.existsSync(environmentPython(folder))) return false;
  return fs.readFileSync(mark, "utf8") === environmentKey(folder, requirements);
}

/** Starts to make the environment; its pip works when `created` resolves, and all of it when `ready` does. */
function makeEnvironment(terminal, basePython, folder = environmentFolder, requirements = notebookRequirements) {
  const env = pipEnvironment();
  const options = ["--no-compile", "--progress-bar", "off"];
  const install = ["-m", "pip", "install", ...options, "--require-hashes", "--no-deps", "-r", requirements];
  const explained = (error) => {
    throw explain("Making the Python environment", error);
  };
  const created = run(basePython, ["-m", "venv", "--clear", folder], { env, log: "venv" })
    .then(() => environmentPython(folder))
    .catch(explained);
  const ready = terminal
    .step(`Python environment with ${folder === environmentFolder ? "JupyterLab" : "Snakemake"}`, async () => {
      await run(await created, install, { env, log: "pip-install" });
      if (folder === environmentFolder) writeOwnFiles();
      fs.writeFileSync(join(folder, "set-up.sha256"), environmentKey(folder, requirements));
      return environmentPython(folder);
    })
    .catch(explained);
  for (const promise of [created, ready]) promise.catch(() => {});
  return { created, ready };
}

function finishedEnvironment() {
  writeOwnFiles();
  const python = Promise.resolve(environmentPython());
  return { created: python, ready: python };
}

/** The kernelspec, with the Node that runs now, and JupyterLab without questions about news. */
function writeOwnFiles() {
  const jupyter = join(environmentFolder, "share", "jupyter");
  writeIfOther(join(jupyter, "kernels", "typescript-attention", "kernel.json"), kernelspec);
  writeIfOther(join(jupyter, "lab", "settings", "overrides.json"), {
    "@jupyterlab/apputils-extension:notification": { checkForUpdates: false, fetchNews: "false" },
  });
}

const kernelspec = {
  argv: [process.execPath, join(__dirname, "..", "kernel.cjs"), "{connection_file}"],
  display_name: "TypeScript (attention)",
  language: "typescript",
  interrupt_mode: "signal",
};

function writeIfOther(path, value) {
  const text = `${JSON.stringify(value, undefined, 2)}\n`;
  if (fs.existsSync(path) && fs.readFileSync(path, "utf8") === text) return;
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.writeFileSync(`${path}.${process.pid}`, text);
  fs.renameSync(`${path}.${process.pid}`, path);
}

/** Takes a lock: a folder whose time its owner renews, so that a dead one's is known; gives back its release. */
async function lockFolder(path, onWait) {
  const staleMilliseconds = 20_000;
  fs.mkdirSync(dirname(path), { recursive: true });
  for (let attempt = 0; !tryMake(path); attempt++) {
    const age = Date.now() - (fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > staleMilliseconds) fs.rmSync(path, { recursive: true, force: true });
    else if (attempt === 0) onWait();
    await new Promise((done) => setTimeout(done, 300));
  }
  const renew = setInterval(() => fs.utimesSync(path, new Date(), new Date()), staleMilliseconds / 5);
  renew.unref();
  const release = () => {
    clearInterval(renew);
    process.off("exit", release);
    fs.rmSync(path, { recursive: true, force: true });
  };
  process.on("exit", release);
  return release;
}

/** Makes a folder; false if something is there already. */
function tryMake(path) {
  try {
    fs.mkdirSync(path);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** Ctrl-C and the like end the set-up and its programs, until a command says what they do by what this gives back. */
function handleSignals() {
  const numbers = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 };
  let stop = (signal) => {
    console.error("\nStopped. What is downloaded is kept; the next start goes on from there.");
    process.exit(128 + numbers[signal]);
  };
  for (const signal of Object.keys(numbers)) process.on(signal, () => stop(signal));
  if (process.env.npm_lifecycle_event) require("./orphan.cjs");
  return (handler) => {
    stop = handler;
  };
}

module.exports = { environmentIsReady, findPython, kernelspec, lockFolder, packagesMatch, requireWritable, start };
