import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { histogram } from "../../../src/figures/histogram";
import { closeRenderer } from "../../../src/notebook/render";
import { toShown } from "../../../src/notebook/show";
import { tableOf } from "../../../src/notebook/table";
import { projectFolder } from "../../../src/paths";
import { describeInBrowser } from "../../figures/browser";

const folder = mkdtempSync(join(tmpdir(), "attention-page-"));
const hostile = "</script><b>";

/** A notebook with a link, a live figure with its picture, and a table that is wider than a phone. */
async function notebook(): Promise<object> {
  const rows = Array.from({ length: 40 }, (_, n) => ({
    tau: n / 40 - 2,
    class: n % 2 ? "good" : hostile,
    half: n < 20 ? "first" : "second",
  }));
  const figure = histogram(rows, { x: "tau", by: "class", facet: "half" });
  const columns = Object.fromEntries(Array.from({ length: 24 }, (_, n) => [`column_number_${n}`, n]));
  const shown = await Promise.all([toShown(figure), toShown(tableOf([columns]))]);
  const outputs = shown.flatMap((each) =>
    each.outputs.map((output) => ({ output_type: "display_data", metadata: {}, ...output })),
  );
  const text = "# Does it hold?\n\nSee [the next](rq2-counterfactual.ipynb#found) and [two](rq3-encoders.ipynb).";
  const code = { id: "b", cell_type: "code", execution_count: 1, source: `await show(${"long".repeat(60)});`, outputs };
  const cells = [{ id: "a", cell_type: "markdown", source: text }, code].map((cell) => ({ ...cell, metadata: {} }));
  return { nbformat: 4, nbformat_minor: 5, metadata: { language_info: { name: "typescript" } }, cells };
}

describeInBrowser("a notebook's page", describeWith);

function describeWith(browser: Browser): void {
  const path = join(folder, "rq1-released.html");
  const asked: string[] = [];

  before(async () => {
    writeFileSync(join(folder, "executed.ipynb"), JSON.stringify(await notebook()));
    await closeRenderer();
    const script = [
      "import sys, nbformat",
      "sys.path.insert(0, sys.argv[1])",
      "from execute_notebook import write_page",
      "write_page(sys.argv[3], nbformat.read(sys.argv[2], as_version=4), 'notebooks/rq1.ipynb')",
    ].join("\n");
    const commands = join(projectFolder, "src", "cli", "commands");
    const python = join(projectFolder, ".venv", "bin", "python");
    copyFileSync(require.resolve("plotly.js-dist/plotly.js"), join(folder, "plotly.js"));
    execFileSync(python, ["-B", "-c", script, commands, join(folder, "executed.ipynb"), path]);
  });

  after(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  async function visit(options: BrowserContextOptions, work: (page: Page) => Promise<void>): Promise<void> {
    const context = await browser.newContext({ offline: true, ...options });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => faults.push(message.text()));
    await page.goto(pathToFileURL(path).href);
    await work(page);
    await context.close();
    assert.deepEqual(faults, []);
  }

  it("draws its figures live, with hover, zoom and words, from the file beside it alone", async () => {
    await visit({ viewport: { width: 1200, height: 900 } }, async (page) => {
      await page.locator(".js-plotly-plot").scrollIntoViewIfNeeded();
      await page
        .locator(".nsewdrag")
        .first()
        .hover({ force: true, position: { x: 30, y: 60 } });
      const said = await page.locator(".hoverlayer .hovertext").first().textContent();
      assert.match(said!, /^from −\d\.\d{3}: \d+\.\d% of /);
      assert.equal(await page.locator("figure.live img").count(), 0);
      assert.match(
        (await page.locator("figure.live").getAttribute("aria-label"))!,
        /^Histogram of tau.*<\/script><b>: n = 10/,
      );
      assert.equal(await page.title(), "Does it hold?");
    });
    assert.ok(
      asked.every((url) => /^(?:file|data|blob):/.test(url)),
      String(asked),
    );
  });

  it("leads to the pages of other notebooks", async () => {
    await visit({}, async (page) => {
      const links = await page
        .locator(".jp-MarkdownCell p a")
        .evaluateAll((all) => all.map((a) => a.getAttribute("href")));
      assert.deepEqual(links, ["rq2-counterfactual-released.html#found", "rq3-encoders-released.html"]);
    });
  });

  it("is dark where the reader's screen is", async () => {
    const ground = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const seen: string[] = [];
    for (const colorScheme of ["light", "dark"] as const)
      await visit({ colorScheme }, async (page) => void seen.push(await ground(page)));
    assert.deepEqual(seen, ["rgb(255, 255, 255)", "rgb(17, 17, 17)"]);
  });

  it("fits a phone: the figure shrinks, and only the wide table scrolls sideways", async () => {
    await visit({ viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true }, async (page) => {
      await page.locator(".js-plotly-plot svg").first().waitFor();
      const figure = (await page.locator(".svg-container").boundingBox())!;
      assert.ok(figure.x + figure.width <= 390, String(figure.width));
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
      const scrolled = await page
        .locator("main *:not(svg, svg *, table *, .live *)")
        .evaluateAll((all) =>
          all
            .filter(
              (each) => each.scrollWidth > each.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(each).overflowX),
            )
            .map((each) => each.querySelector("table") !== null),
        );
      assert.ok(scrolled.length > 0 && scrolled.every(Boolean), String(scrolled));
    });
  });

  it("keeps its pictures, each with its words, where plotly did not come along", async (context) => {
    rmSync(join(folder, "plotly.js"));
    const page = await browser.newPage();
    await page.goto(pathToFileURL(path).href);
    const words = await page.locator("img").evaluateAll((all) => all.map((image) => image.getAttribute("alt")));
    if (words.length === 0) return context.skip("no browser draws pictures here");
    assert.match(words[0]!, /^Histogram of tau.*<\/script><b>: n = 10/);
  });
}
