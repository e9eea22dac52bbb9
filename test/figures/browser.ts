import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type Browser, chromium } from "playwright-core";
import { cacheFolder } from "../../src/paths";

/** A browser for what HTML means: the one named, or the one that the figures have unpacked; undefined where neither is. */
export async function openBrowser(): Promise<Browser | undefined> {
  const folder = join(cacheFolder(), "browser");
  const unpacked = existsSync(folder) ? readdirSync(folder).find((name) => name.startsWith("chromium-")) : undefined;
  const home = join(folder, unpacked ?? "none");
  const executablePath = process.env.ATTENTION_BROWSER ?? join(home, "chromium");
  if (!existsSync(executablePath)) return undefined;
  const libraries = [join(home, "al2023", "lib"), process.env.LD_LIBRARY_PATH].filter(Boolean).join(":");
  const env = { ...process.env, LD_LIBRARY_PATH: libraries } as Record<string, string>;
  return chromium.launch({ executablePath, chromiumSandbox: false, args: ["--disable-gpu"], env });
}

/** Tests of a page in the browser that draws figures; where none is unpacked, one that is skipped and says so. */
export function describeInBrowser(what: string, tests: (browser: Browser) => void): void {
  describe(what, async () => {
    const browser = await openBrowser();
    if (browser === undefined) {
      it("needs a browser", { skip: "no browser is unpacked; draw a figure once, or set ATTENTION_BROWSER" }, () => {});
      return;
    }
    tests(browser);
  });
}
