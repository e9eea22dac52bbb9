// The entry of every npm script. It needs no package, and parses on any Node with modules, so that an old one is told
// what it lacks instead of failing on a word it does not know.
import { createRequire } from "node:module";

const wanted = [20, 19];
const found = process.versions.node.split(".").map(Number);

if (found[0] < wanted[0] || (found[0] === wanted[0] && found[1] < wanted[1])) {
  console.error(
    `Node.js ${wanted.join(".")} or newer is needed, but this is ${process.versions.node}; install one: ` +
      "Debian/Ubuntu: sudo apt install nodejs npm (or, where that is older, https://nodejs.org/en/download); " +
      "Fedora: sudo dnf install nodejs; macOS: brew install node.",
  );
  process.exit(1);
} else {
  createRequire(import.meta.url)("./prepare.cjs").start(process.argv.slice(2));
}
