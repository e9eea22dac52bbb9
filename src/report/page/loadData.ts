const files = new Map<string, { data?: unknown; error?: Error }>();

/** What each file in `data/` calls with its contents. */
Object.assign(globalThis, { reportData: (name: string, data: unknown) => settle(name, { data }) });

/** The page hears of it. */
function settle(name: string, file: { data?: unknown; error?: Error }): void {
  files.set(name, file);
  dispatchEvent(new Event("report-data"));
}

/**
 * The contents of a file in `data/`, undefined until it has come: a script, as a page that was opened as a file can load
 * no other kind of data.
 *
 * @throws where it cannot be read
 */
export function dataOf<T>(name: string): T | undefined {
  const file = files.get(name);
  if (file?.error) throw file.error;
  if (file === undefined) {
    files.set(name, {});
    const src = `data/${encodeURIComponent(name)}.js`;
    const error = new Error(`The file ${src} cannot be read; keep the whole folder of the report together.`);
    const onerror = () => settle(name, { error });
    document.head.append(Object.assign(document.createElement("script"), { src, onerror }));
  }
  return file?.data as T | undefined;
}
