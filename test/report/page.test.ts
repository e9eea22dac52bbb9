import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import type { AxeResults } from "axe-core";
import { parse } from "csv-parse/sync";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { buildReport } from "../../src/report/buildReport";
import type { InstanceRow } from "../../src/study/analyze";
import { openBrowser } from "../figures/browser";
import { hostileWords } from "../figures/hostileWords";
import { makeStudy } from "./madeStudies";

const folder = mkdtempSync(join(tmpdir(), "attention-report-page-"));
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const many = 50_000;
const views = ["studies", "correlation", "permutation", "adversary", "instances", "run"];

describe("the report's page", async () => {
  const browser = await openBrowser();
  if (browser === undefined) {
    it("needs a browser", { skip: "no browser is unpacked; draw a figure once, or set ATTENTION_BROWSER" }, () => {});
    return;
  }
  describeWith(browser);
});

function describeWith(browser: Browser): void {
  let address: string;
  let rows: InstanceRow[];
  /** What no page may have: messages on the console, errors, requests to a network. */
  const faults: string[] = [];

  before(async () => {
    const root = join(folder, "study");
    rows = (await makeStudy(root, { corpus: "reviews", count: 120, withTexts: true })).rows;
    await makeStudy(root, { corpus: "sst", count: 40, options: { seed: 1 } });
    await makeStudy(root, { corpus: "sst", count: 40, options: { encoder: "average", seed: 1 } });
    await makeStudy(root, { corpus: "babi1", count: many, classNames: ["hall", "garden", "office", "kitchen"] });
    const { page } = await buildReport([root], join(folder, "report"));
    address = pathToFileURL(page).href;
  });

  after(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  /** Works on the page at a state, and finds no fault in it. */
  async function visit(
    state: string,
    work: (page: Page, context: BrowserContext) => Promise<void>,
    options: Parameters<Browser["newContext"]>[0] = {},
  ): Promise<void> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(8000);
    page.on("console", (message) => faults.push(`console ${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
    page.on("request", (request) => {
      if (!/^(file|data|blob):/.test(request.url())) faults.push(`request: ${request.url()}`);
    });
    await page.goto(`${address}#${state}`);
    await work(page, context);
    assert.deepEqual(faults.splice(0), []);
    await context.close();
  }

  const instances = "study=reviews/bilstm-additive/seed-0&view=instances";
  const texts = (page: Page) => page.locator(".body .row .words").allTextContents();
  const choice = (page: Page, name: string) => page.getByRole("combobox", { name, exact: true });
  const status = (page: Page, text: string) => page.locator(".status", { hasText: text }).waitFor();
  async function downloaded(page: Page, button: string): Promise<{ name: string; text: string }> {
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name: button, exact: true }).click();
    const download = await waiting;
    return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
  }

  it("opens as a file, and another study is one choice away", async () => {
    await visit("", async (page) => {
      await page.getByRole("link", { name: "Correlation" }).click();
      await choice(page, "Corpus").selectOption("sst");
      await page.locator("#study-name", { hasText: "sst, bilstm with additive attention, seed 1" }).waitFor();
      await page.locator(".plot .main-svg").first().waitFor();
      await choice(page, "Encoder").selectOption("average");
      await page.getByRole("heading", { name: "Table 2: the paper's correlations beside ours" }).waitFor();
      assert.equal(new URL(page.url()).hash, "#study=sst/average-additive/seed-1&view=correlation");
      await page.goBack();
      await page.locator("#study-name", { hasText: "sst, bilstm" }).waitFor();
    });
  });

  it("filters and sorts instances, and links what is seen", async () => {
    await visit(instances, async (page, context) => {
      await status(page, "120 of 120 instances");
      await choice(page, "Predicted class").selectOption("positive");
      await choice(page, "Prediction").selectOption("wrong");
      const wrong = rows.filter(({ predicted, label }) => predicted === "positive" && label !== predicted);
      await status(page, `${wrong.length} of 120 instances`);
      await choice(page, "Sort by").selectOption("permutationTvd");
      await choice(page, "Order").selectOption("descending");
      const largest = [...wrong].sort((a, b) => b.permutationTvd - a.permutationTvd)[0]!;
      const first = page.locator(".body .row").first();
      assert.equal(await first.locator(".words").getAttribute("title"), largest.id);
      assert.match(await first.locator(".sorted").innerText(), new RegExp(largest.permutationTvd.toFixed(3)));
      const other = await context.newPage();
      await other.goto(page.url());
      await status(other, `${wrong.length} of 120 instances`);
      assert.deepEqual(await texts(other), await texts(page));
    });
    await visit(instances, async (page) => {
      await page.getByLabel("Text contains").fill("NEEDLE");
      await status(page, "1 of 120 instances");
      assert.deepEqual(await texts(page), ["the needle in a haystack"]);
      const csv = await downloaded(page, "CSV of these instances");
      const records: Record<string, string>[] = parse(csv.text, { columns: true });
      assert.deepEqual(
        records.map(({ id }) => id),
        ["test-7"],
      );
      assert.equal(Number(records[0]!.tauGradient), rows[7]!.tauGradient);
    });
  });

  it("opens an instance by mouse, shows its words as words, and closes it", async () => {
    await visit(instances, async (page) => {
      await page.locator(".body .row").first().click();
      const heatmap = page.locator(".heatmap figure");
      await heatmap.waitFor();
      const shown = await heatmap.locator("span[title], u[title]").count();
      assert.ok(shown >= 4 * hostileWords.length && shown % hostileWords.length === 0, String(shown));
      assert.match(await heatmap.innerText(), /<script>window\.harmed = 1<\/script>/);
      assert.equal(await page.evaluate(() => "harmed" in window), false);
      assert.equal(await heatmap.locator("script, img, [onmouseover]").count(), 0);
      await page.getByRole("button", { name: "Next" }).click();
      await page.getByRole("heading", { name: "test-1" }).waitFor();
      await page.keyboard.press("Escape");
      await page.getByText("No instance is chosen.").waitFor();
    });
  });

  it("opens an instance by keyboard alone", async () => {
    await visit(instances, async (page) => {
      await status(page, "120 of 120");
      await page.locator(".instances").focus();
      for (const key of ["End", "ArrowUp", "ArrowUp", "ArrowDown", "Enter"]) await page.keyboard.press(key);
      await page.getByRole("heading", { name: "test-118" }).waitFor();
      assert.equal(await page.evaluate(() => document.activeElement?.textContent), "test-118");
      await page.keyboard.press("Escape");
      assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("role")), "grid");
    });
  });

  it("prints a dark page on a light ground, its figures drawn at once", async () => {
    await visit(
      "study=reviews/bilstm-additive/seed-0&view=correlation",
      async (page) => {
        await page.locator(".plot .main-svg").first().waitFor();
        await page.evaluate(() => void dispatchEvent(new Event("beforeprint")));
        const seen = await page.evaluate(() => [
          document.documentElement.dataset.theme,
          document.querySelectorAll(".plot").length,
          document.querySelectorAll(".plot:has(.main-svg)").length,
        ]);
        assert.deepEqual(seen, ["light", 3, 3]);
        await page.evaluate(() => void dispatchEvent(new Event("afterprint")));
        assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
      },
      { colorScheme: "dark" },
    );
  });

  it("skips to the results without losing the view", async () => {
    await visit(instances, async (page) => {
      await status(page, "120 of 120");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      assert.equal(await page.evaluate(() => document.activeElement?.id), "view");
      await status(page, "120 of 120");
    });
  });

  it("says so where the texts are not there", async () => {
    await visit("study=sst/bilstm-additive/seed-1&view=instances&instance=test-3", async (page) => {
      await page.locator(".detail", { hasText: "may not be passed on or were not stored" }).waitFor();
      assert.equal(await page.getByLabel("Text contains").count(), 0);
    });
  });

  it("hands out figures and tables", async () => {
    await visit("study=reviews/bilstm-additive/seed-0&view=correlation", async (page) => {
      await page.locator(".plot .main-svg").first().waitFor();
      const svg = await downloaded(page, "SVG of Figure 2: attention and gradient");
      assert.equal(svg.name, "rq1-reviews-bilstm-additive-seed0-tauGradient.svg");
      assert.match(svg.text, /^<svg role="img" aria-label="reviews\. Histogram of [^>]*>/);
      assert.match(svg.text, /<text[^>]*>[^<]*negative: n = /);
      const png = await downloaded(page, "PNG of Figure 2: attention and gradient");
      assert.match(png.text, /^.PNG/);
      const figure = JSON.parse((await downloaded(page, "JSON of Figure 2: attention and gradient")).text);
      assert.deepEqual(Object.keys(figure), ["data", "layout"]);
      const csv = await downloaded(page, "CSV of Figure 2: attention and gradient");
      assert.equal(parse(csv.text, { columns: true }).length, 120);
      const table = await downloaded(page, "LaTeX of Table 2: the paper's correlations beside ours");
      assert.match(table.text, /\\toprule/);
    });
  });

  it("keeps few of many instances in the page, and answers at both ends", async () => {
    await visit("study=babi1/bilstm-additive/seed-0&view=instances&sort=permutationTvd", async (page) => {
      await status(page, "50,000 of 50,000 instances");
      await page.locator(".instances").focus();
      for (const key of ["End", "Home", "PageDown", "End"]) await page.keyboard.press(key);
      await page.locator('.row[aria-rowindex="50001"]').waitFor();
      const count = await page.locator(".body .row").count();
      assert.ok(count > 10 && count < 200, String(count));
      assert.equal(await page.locator(".instances").getAttribute("aria-rowcount"), "50001");
      await page.keyboard.press("Enter");
      await page.locator(".detail h3").waitFor();
    });
  });

  for (const colorScheme of ["light", "dark"] as const) {
    // The light page has the same markup as the dark one. The insides of a figure are one image to a reader.
    const rules = colorScheme === "dark" ? ', runOnly: ["color-contrast"]' : "";
    const parts = '{ exclude: [".plot"] }';
    it(`has no serious fault of accessibility, ${colorScheme}`, async () => {
      for (const view of views) {
        const state = `study=reviews/bilstm-additive/seed-0&view=${view}&instance=test-5&sort=tauGradient`;
        await visit(
          state,
          async (page) => {
            await page
              .locator(view === "instances" ? ".heatmap figure" : ".plot .main-svg")
              .first()
              .waitFor();
            await page.evaluate(axe);
            const { violations } = await page.evaluate<AxeResults>(`axe.run(${parts}, { preload: false${rules} })`);
            const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
            const told = grave.map(({ id, nodes }) => `${view}: ${id}, ${nodes.map(({ html }) => html).join(" ")}`);
            assert.deepEqual(told, []);
          },
          { colorScheme },
        );
      }
    });
  }

  it("fits a phone: nothing is wider than 360 pixels", async () => {
    for (const view of views) {
      await visit(
        `study=reviews/bilstm-additive/seed-0&view=${view}&instance=test-0`,
        async (page) => {
          await page
            .locator(view === "instances" ? ".heatmap figure" : ".plot .main-svg")
            .first()
            .waitFor();
          assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360, view);
        },
        { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
      );
    }
  });
}
