// What the kernel changes in tslab: see cellErrors.cjs and shorthand.cjs.
const { explain } = require("./cellErrors.cjs");
const { expandShorthand, typedPlace } = require("./shorthand.cjs");

/** Puts the changes into tslab's compiler of cells and its way to tell a stop; to be called before tslab's `main`. */
exports.install = function install() {
  const converter = require("tslab/dist/converter.js");
  const { createConverter } = converter;
  converter.createConverter = (options) => patch(createConverter(options));
  const executor = require("tslab/dist/executor.js");
  const { createExecutor } = executor;
  executor.createExecutor = (folder, converters, output) =>
    createExecutor(folder, converters, { ...output, error: (...parts) => output.error(...parts.map(sayStop)) });
};

function sayStop(part) {
  if (!(part instanceof Error && part.message === "Interrupted asynchronously")) return part;
  return "Stopped waiting for this cell. What it has begun may still run; if it should not, restart the kernel.";
}

function patch(original) {
  const seen = new Set();
  return {
    ...original,
    convert(declarations, typed) {
      const { source, added } = expandShorthand(typed);
      const converted = original.convert(declarations, source);
      const placed = converted.diagnostics.map((diagnostic) =>
        diagnostic.fileName === undefined
          ? { ...diagnostic, start: typedPlace(diagnostic.start, added), end: typedPlace(diagnostic.end, added) }
          : diagnostic,
      );
      const diagnostics = explain(placed, typed, seen);
      seen.add(typed);
      return { ...converted, diagnostics };
    },
  };
}
