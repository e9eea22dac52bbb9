// Plain JavaScript without packages: the set-up, which installs them, needs it too.
const { homedir } = require("node:os");
const { join, resolve } = require("node:path");

const projectName = "attention-is-not-explanation";

/** The folder of the project: package.json, notebooks, src, data. */
const projectFolder = resolve(__dirname, "..");

/** Where figures, tables and rows are written: `results` in the project, or the folder that `ATTENTION_RESULTS` names. */
const resultsFolder = resolve(projectFolder, process.env.ATTENTION_RESULTS ?? "results");

/** Where studies are kept, whoever makes them: a notebook reads back what the command line computed, and the other way round. */
const studiesFolder = join(resultsFolder, "study");
const releasedFolder = join(projectFolder, "data", "study");

/** The user's cache folder: `$XDG_CACHE_HOME/attention-is-not-explanation`, or the platform's own place for caches. */
function cacheFolder() {
  const xdg = process.env.XDG_CACHE_HOME;
  if (xdg) return join(resolve(xdg), projectName);
  return join(homedir(), process.platform === "darwin" ? "Library/Caches" : ".cache", projectName);
}

/** The folder with local copies of the corpora, laid out as their distributions are, if `ATTENTION_DATA_MIRROR` names one. */
function mirrorFolder() {
  const folder = process.env.ATTENTION_DATA_MIRROR;
  return folder ? resolve(folder) : undefined;
}

module.exports = { cacheFolder, mirrorFolder, projectFolder, releasedFolder, resultsFolder, studiesFolder };
