import type { LinesOfTexts, StudyContents, TextsOfFile } from "../contents";

const waiting = new Map<string, (data: unknown) => void>();
const loaded = new Map<string, Promise<unknown>>();

/** What each file in `data/` calls with its contents. */
Object.assign(globalThis, {
  reportData: (name: string, data: unknown) => waiting.get(name)?.(data),
});

/** A script beside the page, at its first use; as a file the page can load no other kind of data. */
export function loadScript(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = path;
    script.onload = () => resolve();
    script.onerror = () => {
      reject(new Error(`The file ${path} cannot be read; keep the whole folder of the report together.`));
    };
    document.head.append(script);
  });
}

function loadData<T>(name: string): Promise<T> {
  const known = loaded.get(name) as Promise<T> | undefined;
  if (known) return known;
  const data = new Promise<T>((resolve, reject) => {
    waiting.set(name, (contents) => resolve(contents as T));
    loadScript(`data/${encodeURIComponent(name)}.js`).catch(reject);
  });
  loaded.set(name, data);
  return data;
}

export function loadStudy(file: string): Promise<StudyContents> {
  return loadData(file);
}

export function loadLines(file: string): Promise<LinesOfTexts> {
  return loadData(`${file}-lines`);
}

/** One file of a study's texts. */
export function loadTexts(file: string, part: number): Promise<TextsOfFile> {
  return loadData(`${file}-texts-${part}`);
}
