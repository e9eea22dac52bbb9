// Plain JavaScript without packages: it runs before there are any.
const { spawn } = require("node:child_process");
const { createWriteStream, mkdirSync } = require("node:fs");
const { dirname, join } = require("node:path");

/** A sentence for the user; the same as src/errors.ts, for the code that runs before any package is installed. */
class UserError extends Error {
  name = "UserError";
}

/** One line for each step that is done, with the time it took; on a terminal the last line shows what is running. */
class Terminal {
  #running = new Map();
  #timer;
  #stream;
  #quiet = false;

  /** @param {NodeJS.WriteStream} stream */
  constructor(stream = process.stdout) {
    this.#stream = stream;
  }

  get interactive() {
    return this.#stream.isTTY === true;
  }

  line(text) {
    this.#clear();
    this.#stream.write(`${text}\n`);
    this.#draw();
  }

  /** @template Result @param {string} title @param {() => Promise<Result>} work */
  async step(title, work) {
    const start = Date.now();
    const key = Symbol(title);
    this.#running.set(key, { title, start });
    if (this.interactive) this.#timer ??= setInterval(() => this.#draw(), 1000);
    this.#draw();
    try {
      const result = await work();
      this.#running.delete(key);
      this.line(`  ${title} (${seconds(Date.now() - start)})`);
      return result;
    } finally {
      this.#running.delete(key);
      if (this.#running.size === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
      }
      this.#clear();
      this.#draw();
    }
  }

  /** Text for a terminal's last line, until the next one. */
  status(text) {
    if (!this.interactive) return;
    this.#clear();
    this.#stream.write(this.#fit(text));
  }

  /** While another writer, such as a progress bar, owns the last line. */
  pause(quiet) {
    this.#clear();
    this.#quiet = quiet;
  }

  #clear() {
    if (this.interactive) this.#stream.write("\r\x1b[K");
  }

  #draw() {
    if (!this.interactive || this.#quiet || this.#running.size === 0) return;
    const now = Date.now();
    const text = [...this.#running.values()]
      .map(({ title, start }) => `${title} … ${seconds(now - start)}`)
      .join(" | ");
    this.#clear();
    this.#stream.write(this.#fit(`  ${text}`));
  }

  #fit(text) {
    const width = (this.#stream.columns ?? 80) - 2;
    return text.length > width ? `${text.slice(0, width - 1)}…` : text;
  }
}

/** A duration for a progress line: "3.4 s", "23 s". */
function seconds(milliseconds) {
  return milliseconds < 9950 ? `${(milliseconds / 1000).toFixed(1)} s` : `${Math.round(milliseconds / 1000)} s`;
}

/** A program that did not end with 0; `output` is all it printed, `log` the file that has it. */
class CommandError extends Error {
  name = "CommandError";

  constructor(command, code, signal, output, log) {
    super(code === null ? `${command} was ended by ${signal}` : `${command} ended with exit code ${code}`);
    this.signal = signal;
    this.output = output;
    this.log = log;
  }
}

const children = new Set();

// Not SIGTERM: npm then tidies up for a while, and would do so in the middle of a set-up that is started again at once.
process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

/**
 * Runs a program without showing what it prints; it ends when we do.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, log?: string }} options log: the file that gets all the output
 * @returns {Promise<string>} what it printed, both streams together
 */
function run(command, args, { cwd, env, log } = {}) {
  if (log !== undefined) mkdirSync(dirname(log), { recursive: true });
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: ["ignore", "pipe", "pipe"] });
    const file = log === undefined ? undefined : createWriteStream(log);
    file?.on("error", () => {});
    file?.write(`$ ${[command, ...args].join(" ")}\n`);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => {
        output += text;
        file?.write(text);
      });
    }
    children.add(child);
    child.on("error", (error) => {
      children.delete(child);
      file?.end();
      reject(error);
    });
    child.on("close", (code, signal) => {
      children.delete(child);
      file?.end();
      if (code === 0) resolve(output);
      else reject(new CommandError(command, code, signal, output, log));
    });
  });
}

/**
 * The user's settings of pip (index, mirror, proxy, certificates), without those that say where it installs.
 *
 * @param {string} cache the cache folder
 * @returns {NodeJS.ProcessEnv}
 */
function pipEnvironment(cache) {
  const own = { PIP_CACHE_DIR: join(cache, "pip"), PIP_USER: "0", PIP_NO_INPUT: "1", PIP_RETRIES: "2" };
  const env = { ...process.env, ...own, PIP_DISABLE_PIP_VERSION_CHECK: "1" };
  for (const name of ["PIP_TARGET", "PIP_PREFIX", "PYTHONHOME", "PYTHONPATH"]) delete env[name];
  return env;
}

const networkProblem =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|network connectivity|NewConnectionError|ConnectTimeoutError|ReadTimeoutError|Temporary failure in name resolution|Max retries exceeded/;

/** The one sentence for a step that failed: what failed, the likely cause, the last useful lines and the log. */
function explain(what, error) {
  if (error.name === "UserError") return error;
  const output = error.output ?? String(error.message);
  const log = error.log === undefined ? "" : ` The full output is in ${error.log}.`;
  if (/ENOSPC|EDQUOT|No space left on device|Disk quota exceeded/i.test(output))
    return new UserError(`${what} failed: there is no space left on the disk; free some and start again.${log}`);
  if (networkProblem.test(output))
    return new UserError(
      `${what} failed: the package server cannot be reached; connect to the network (or name your mirror in npm's or pip's settings) and start again.${log}`,
    );
  return new UserError(`${what} failed:\n${usefulLines(output) || error.message}\n${log.trim()}`.trimEnd());
}

/** The first lines that speak of an error, or else the last ones. */
function usefulLines(output, count = 6) {
  const lines = output.split("\n").filter((line) => !/^(npm error)?\s*$|complete log|npm help/i.test(line));
  const errors = lines.filter((line) => /error|fatal|not found|undefined reference/i.test(line));
  return (errors.length > 0 ? errors.slice(0, count) : lines.slice(-count))
    .map((line) => `    ${line.trimEnd().slice(0, 300)}`)
    .join("\n");
}

module.exports = { CommandError, Terminal, UserError, explain, pipEnvironment, usefulLines, run, seconds };
