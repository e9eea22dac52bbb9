// Plain JavaScript without packages: it runs before there are any.
const { spawn } = require("node:child_process");
const { createWriteStream, mkdirSync, openSync, rmSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { stripVTControlCharacters } = require("node:util");
const { cacheFolder } = require("../../paths.js");

/** A sentence for the user; the same as src/errors.ts, for the code that runs before any package is installed. */
class UserError extends Error {
  name = "UserError";
}

/** Opens a new log that its owner alone can read, as a package server's address or a token in it can hold a password. */
function openLog(path) {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  rmSync(path, { force: true });
  return openSync(path, "wx", 0o600);
}

/** Text as a terminal may have it: nothing in it acts on the terminal, and a word longer than paths are is cut. */
function printable(text) {
  return text
    .replace(/\S{260,}/g, (word) => `${word.slice(0, 80)}…`)
    .replace(/(?![\n\t])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, (character) => {
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
    });
}

/** One line for each step that is done, with the time it took; on a terminal the last line shows what is running. */
class Terminal {
  #running = new Set();
  #stream;
  #lastLine = Date.now();

  /** @param {NodeJS.WriteStream} stream */
  constructor(stream = process.stdout) {
    this.#stream = stream;
    if (this.interactive) setInterval(() => this.#draw(), 1000).unref();
  }

  get interactive() {
    return this.#stream.isTTY === true;
  }

  line(text) {
    this.#lastLine = Date.now();
    this.clear();
    const said = printable(text);
    this.#stream.write(`${this.interactive ? wrapped(said, this.#stream.columns) : said}\n`);
    this.#draw();
  }

  /** @template Result @param {string} title @param {() => Promise<Result>} work */
  async step(title, work) {
    const step = { title, start: Date.now() };
    this.#running.add(step);
    this.#draw();
    try {
      const result = await work();
      this.#running.delete(step);
      this.line(`  ${title} (${secondsSince(step.start)})`);
      return result;
    } finally {
      this.#running.delete(step);
      this.clear();
      this.#draw();
    }
  }

  /** Text for a terminal's last line, until the next one; elsewhere a line, where there was none for so long. */
  status(text, milliseconds = Number.POSITIVE_INFINITY) {
    if (this.interactive) this.#replace(text);
    else if (Date.now() - this.#lastLine >= milliseconds) this.line(text);
  }

  clear() {
    if (this.interactive) this.#stream.write("\r\x1b[K");
  }

  #draw() {
    if (!this.interactive || this.#running.size === 0) return;
    const steps = [...this.#running].map(({ title, start }) => `${title} … ${secondsSince(start)}`);
    this.#replace(`  ${steps.join(" | ")}`);
  }

  #replace(status) {
    const text = printable(status);
    const width = (this.#stream.columns ?? 80) - 2;
    this.clear();
    this.#stream.write(text.length > width ? `${text.slice(0, width - 1)}…` : text);
  }
}

/** Lines that are longer than the terminal is wide, broken between words, under what their label is beside. */
function wrapped(text, width = 80) {
  const lines = text.split("\n").map((line) => {
    const { length } = /^ *(?:\S+ {2,})?/.exec(line)[0];
    const part = new RegExp(`.{1,${Math.max(1, width - length)}}(?: |$)|\\S+ ?`, "g");
    const parts = line.slice(length).match(part) ?? [];
    return line.slice(0, length) + parts.map((each) => each.trimEnd()).join(`\n${" ".repeat(length)}`);
  });
  return lines.join("\n");
}

function secondsSince(start) {
  return `${Math.round((Date.now() - start) / 1000)} s`;
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

const ending = new AbortController();
process.on("exit", () => ending.abort());

/**
 * Runs a program without showing what it prints; it ends when we do.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, log?: string }} options log: the name of the log that gets
 * all the output, until the program runs again
 * @returns {Promise<string>} what it printed, both streams together
 */
function run(command, args, { cwd, env, log } = {}) {
  return new Promise((resolve, reject) => {
    // Not SIGTERM: npm then tidies up for a while, and would do so in a set-up that is started again at once.
    const atEnd = { signal: ending.signal, killSignal: "SIGKILL" };
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], ...atEnd });
    const path = log && join(cacheFolder(), "logs", `${log}.log`);
    const file = path && createWriteStream(path, { fd: openLog(path) });
    file?.on("error", () => {});
    file?.write(`$ ${[command, ...args].join(" ")}\n`);
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
        file?.write(text);
      });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      file?.end();
      if (code === 0) resolve(output);
      else reject(new CommandError(command, code, signal, output, path));
    });
  });
}

/**
 * Runs npm, the one that runs us if any does, with its cache in ours. @throws UserError that says why `what` failed
 *
 * @param {string} what @param {readonly string[]} args @param {{ cwd: string, log: string }} options
 */
async function npm(what, args, { cwd, log }) {
  const path = process.env.npm_execpath;
  const [command, ...first] = path?.endsWith("npm-cli.js") ? [process.execPath, path] : ["npm"];
  const watch = `${process.env.NODE_OPTIONS ?? ""} --require ${JSON.stringify(join(__dirname, "orphan.cjs"))}`;
  const ours = { ATTENTION_PARENT: String(process.pid), NODE_OPTIONS: watch };
  const env = { ...process.env, npm_config_cache: join(cacheFolder(), "npm"), ...ours };
  const options = ["--ignore-scripts", "--no-audit", "--no-fund"];
  await run(command, [...first, ...args, ...options], { cwd, env, log }).catch((error) => {
    throw explain(what, error);
  });
}

/** The user's settings of pip (index, mirror, proxy, certificates), without those that say where it installs. */
function pipEnvironment() {
  const own = { PIP_CACHE_DIR: join(cacheFolder(), "pip"), PIP_USER: "0", PIP_NO_INPUT: "1", PIP_RETRIES: "2" };
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
  const lines = stripVTControlCharacters(output)
    .split("\n")
    .filter((line) => !/^(npm error)?\s*$|complete log|npm help/i.test(line));
  const errors = lines.filter((line) => /error|fatal|not found|undefined reference/i.test(line));
  return (errors.length > 0 ? errors.slice(0, count) : lines.slice(-count))
    .map((line) => `    ${line.trimEnd().slice(0, 300)}`)
    .join("\n");
}

module.exports = { CommandError, Terminal, UserError, explain, npm, pipEnvironment, printable, run, usefulLines };
