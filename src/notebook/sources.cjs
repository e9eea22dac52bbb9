// Cells see the project's sources as types only: the kernel neither checks nor compiles them (npm run check does). At run
// time Node loads them by itself, through tsx, and loads anew what was edited. In sources, import() reaches packages only.
const { statSync } = require("node:fs");
const Module = require("node:module");

const folder = `${process.cwd()}/src/`;

/** For the compiler's builder of programs, whenever it has made one. */
exports.leaveOutSources = function leaveOutSources(builder) {
  builder.getProgram().getTypeChecker(); // It binds, and tslab reads the names that a cell declares from that.
  builder.getAllDependencies = (file) => [...dependencies(builder.getProgram(), file)];
};

/** The files that are compiled with a cell: itself, cells that are modules, and files that are not the project's. */
function dependencies(program, file, found = new Set()) {
  if (!file || file.isDeclarationFile || file.fileName.startsWith(folder) || found.has(file.fileName)) return found;
  found.add(file.fileName);
  file.resolvedModules?.forEach(({ resolvedModule }) => {
    if (resolvedModule) dependencies(program, program.getSourceFile(resolvedModule.resolvedFileName), found);
  });
  return found;
}

/** The loaded source files, and when each was last edited as it was loaded. */
const loaded = new Map();

/** Lets cells load the sources, which are TypeScript. */
exports.loadSources = function loadSources() {
  require("tsx/cjs");
  const load = Module._extensions[".ts"];
  Module._extensions[".ts"] = (module, path) => {
    if (path.startsWith(folder)) loaded.set(path, statSync(path).mtimeMs);
    load(module, path);
  };
};

/** Forgets files that were edited or removed since, and all that imports them; gives the paths of those that were edited. */
exports.forgetEdited = function forgetEdited() {
  // The stop button ends tsx's compiler too, which would not notice: it starts anew for the next file that needs it.
  require("esbuild").stop();
  const edited = [...loaded].filter(([path, time]) => statSync(path, { throwIfNoEntry: false })?.mtimeMs !== time);
  for (const [path] of edited) forget(path);
  // A stop while files are loaded leaves those that were not read to their end, also of packages.
  for (const [path, module] of Object.entries(require.cache)) {
    if (module.loaded || module === require.main) continue;
    if (loaded.has(path)) forget(path);
    else if (path.includes("/@tensorflow/")) delete require.cache[path];
  }
  return edited.map(([path]) => path);
};

function forget(path) {
  if (!loaded.delete(path)) return;
  const module = require.cache[path];
  delete require.cache[path];
  for (const { filename, children } of Object.values(require.cache)) if (children.includes(module)) forget(filename);
}
