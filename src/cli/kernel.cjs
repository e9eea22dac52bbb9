// The Jupyter kernel of the notebooks: tslab, in the project's folder whatever the working directory is, so that
// `import ... from "./src/..."` works from every notebook.
const { join, resolve } = require("node:path");
const util = require("node:util");

process.chdir(resolve(__dirname, "..", ".."));

// Node 23 dropped two functions that tfjs-node calls.
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;

process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";

// A server that was killed cannot end its kernels: they notice that they have another parent.
const parent = process.ppid;
if (process.env.JPY_PARENT_PID === String(parent))
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, 2000).unref();

process.argv = [
  process.argv[0],
  join(process.cwd(), "node_modules/tslab/bin/tslab"),
  "kernel",
  "--config-path",
  process.argv[2],
];
require("../notebook/kernelPatches.cjs").install();
require("tslab/dist/main.js").main();
