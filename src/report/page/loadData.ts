const files = new Map<string, { data?: unknown; error?: Error }>();

/** What each file in `data/` calls with its contents. */
Object.assign(globalThis, { reportData: (name: string, data: unknown) => settle(name, { data }) });

/** The page hears of it. */
function settle(name: string, file: { data?: unknown; error?: Error }): void {
  files.set(name, file);
  dispatchEvent(new Event("report-data"));
}

/** A script beside the page, at its first use; as a file the page can load no other kind of data. */
export function loadScript(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = path;
    script.onload = () => resolve();
    script.onerror = () =>
      reject(new Error(`The file ${path} cannot be read; keep the whole folder of the report together.`));
    document.head.append(script);
  });
}

/** The contents of a file in `data/`; undefined until it has come. @throws where it cannot be read */
export function dataOf<T>(name: string): T | undefined {
  const file = files.get(name);
  if (file?.error) throw file.error;
  if (file === undefined) {
    files.set(name, {});
    loadScript(`data/${encodeURIComponent(name)}.js`).catch((error) => settle(name, { error }));
  }
  return file?.data as T | undefined;
}
