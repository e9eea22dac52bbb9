// What the kernel changes in tslab: see cellLines.cjs and sources.cjs.
const { relative } = require("node:path");
const { named, noteFile, ofCells, transpile, withMap } = require("./cellLines.cjs");
const { forgetEdited, leaveOutSources } = require("./sources.cjs");

/** Puts the changes into tslab's compiler of cells and its way to tell a stop; to be called before tslab is loaded. */
exports.install = function install() {
  const path = require.resolve("@tslab/typescript-for-tslab");
  const compiler = require(path);
  // tslab's own builder gathers the references of all files anew for every cell.
  const createWatchCompilerHost = (files, options, system, _builder, ...reporters) =>
    compiler.createWatchCompilerHost(
      files,
      withMap({ ...options, types: ["node"] }),
      withSharedTimer(system),
      compiler.createAbstractBuilder,
      ...reporters,
    );
  const createWatchProgram = (host) => {
    const { afterProgramCreate } = host;
    host.afterProgramCreate = (builder) => {
      leaveOutSources(builder);
      writeOutShorthand(builder);
      afterProgramCreate(builder);
    };
    return compiler.createWatchProgram(host);
  };
  const transpileModule = (source, options) => transpile(compiler, source, options);
  require.cache[path].exports = { ...compiler, createWatchCompilerHost, createWatchProgram, transpileModule };
  const converter = require("tslab/dist/converter.js");
  const { createConverter } = converter;
  converter.createConverter = (options) => patch(createConverter(options));
  const executor = require("tslab/dist/executor.js");
  const { createExecutor } = executor;
  executor.createExecutor = (folder, converters, output) => {
    const error = (...parts) => output.error(...parts.map(readable));
    const made = createExecutor(folder, converters, { ...output, error });
    const execute = (code) => {
      const outcome = made.execute(code);
      listenAgain();
      return outcome;
    };
    return { ...made, execute };
  };
};

/** Where a package began to listen to SIGINT in a cell's synchronous part, the next stop would else end the kernel. */
function listenAgain() {
  const listeners = process.rawListeners("SIGINT");
  process.removeAllListeners("SIGINT");
  for (const listener of listeners) process.on("SIGINT", listener);
}

/**
 * The compiler sets one timer when a source file changes and another when a file comes into a folder where it missed one;
 * tslab has room for one, and throws at the second. Here both wait for the one that tslab runs before each cell.
 */
function withSharedTimer(system) {
  const setTslabsTimer = system.setTimeout;
  const waiting = new Set();
  system.setTimeout = (callback) => {
    const timer = { callback };
    if (waiting.size === 0) setTslabsTimer(runAll);
    waiting.add(timer);
    return timer;
  };
  system.clearTimeout = (timer) => {
    timer.callback = () => {};
  };
  return system;

  function runAll() {
    // Also those that are set meanwhile: the set is gone through to its end as it grows.
    for (const timer of waiting) {
      timer.callback();
      waiting.delete(timer);
    }
  }
}

/**
 * tslab 1.0.22 forgets `{ rows }` where `rows` comes from an earlier cell, which then fails with "rows is not defined": it
 * is compiled as `{ rows: exports.rows }`, from where tslab reads such names.
 */
function writeOutShorthand(builder) {
  const ts = require("@tslab/typescript-for-tslab");
  const { emit } = builder;
  const checker = builder.getProgram().getTypeChecker();
  const isEarlier = (declaration) => declaration.getSourceFile().fileName.endsWith("/__prev__.d.ts");
  const before = (context) => {
    const { factory } = context;
    const visit = (node) => {
      if (!ts.isShorthandPropertyAssignment(node)) return ts.visitEachChild(node, visit, context);
      if (!checker.getShorthandAssignmentValueSymbol(node)?.declarations?.some(isEarlier)) return node;
      const value = factory.createPropertyAccessExpression(factory.createIdentifier("exports"), node.name.text);
      const otherwise = ts.visitNode(node.objectAssignmentInitializer, visit);
      const target = otherwise ? factory.createAssignment(value, otherwise) : value;
      return factory.createPropertyAssignment(node.name.text, target);
    };
    return (file) => ts.visitNode(file, visit);
  };
  builder.emit = (file, write, token, isDeclaration, transformers) => {
    const noted = (name, content) => {
      noteFile(name, content);
      write(name, content);
    };
    return emit(file, noted, token, isDeclaration, { ...transformers, before: [before] });
  };
}

function readable(part) {
  if (!(part instanceof Error)) return part;
  // A source that cannot be read: its place and what is wrong, without the stack of the program that reads it.
  if (part.name === "TransformError") return part.message;
  part.stack = part.stack && ofCells(part.stack);
  // A stop while the cell's first, synchronous part ran, which ends with it.
  if (part.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED") return "Stopped. Run the cell again to start this step anew.";
  if (part.message !== "Interrupted asynchronously") return part;
  return "Stopped waiting for this cell. What it has begun may still run; if it should not, restart the kernel.";
}

/** TypeScript's codes for a name that is not there: plain, with a suggestion, in `{ name }`, for a type, a namespace. */
const unknownNameCodes = new Set([2304, 2552, 18004, 2503]);

/** The compiler's messages for a cell; those about unknown names are one, of which most tell of a cell that was not run. */
function explained(diagnostics) {
  const isUnknown = ({ code, fileName, messageText }) =>
    fileName === undefined && unknownNameCodes.has(code) && !/Did you mean/.test(messageText);
  const unknown = diagnostics.filter(isUnknown);
  if (unknown.length === 0) return diagnostics;
  const names = [...new Set(unknown.map(({ messageText }) => /'([^']+)'/.exec(messageText)[1]))];
  const list = names.map((name) => `"${name}"`).join(", ");
  const messageText = `Not defined yet: ${list}; run the cells above that define or import what is missing, or check the spelling.`;
  return [{ ...unknown[0], messageText }, ...diagnostics.filter((one) => !isUnknown(one))];
}

/** What `convert` makes of a cell; where the compiler itself fails, a message that says so. */
function compiled(convert) {
  try {
    return convert();
  } catch ({ stack }) {
    const messageText = `This cell could not be compiled; run it again, and restart the kernel if that fails. ${stack}`;
    return { diagnostics: [{ start: { line: 0, character: 0 }, messageText }] };
  }
}

/** Forgets the sources that were edited, and says so in a cell that does not import them anew. */
function tellEdited(typed) {
  const edited = forgetEdited();
  if (edited.length > 0 && !/["']\.\/src\//.test(typed)) {
    const names = edited.map((path) => relative(process.cwd(), path)).join(", ");
    console.warn(
      `Edited: ${names}. Run the import cell again to use the new code; what the old has made stays as it is.`,
    );
  }
}

function patch(original) {
  return {
    ...original,
    convert(declarations, typed) {
      const converted = compiled(() => {
        tellEdited(typed);
        return original.convert(declarations, typed);
      });
      return { ...converted, diagnostics: explained(converted.diagnostics), output: named(converted.output, typed) };
    },
    complete(declarations, source, position) {
      const completion = original.complete(declarations, source, position);
      const ts = require("@tslab/typescript-for-tslab");
      const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022, true);
      // In a string tslab offers everything, to be put behind what is typed already.
      if (!ts.isInString(file, position)) return completion;
      const typed = /[^"'`]*$/.exec(source.slice(0, position))[0];
      const candidates = completion.candidates.filter((candidate) => candidate.startsWith(typed));
      return { ...completion, start: position - typed.length, candidates };
    },
  };
}
