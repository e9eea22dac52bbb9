import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import type { AxeResults } from "axe-core";
import { parse } from "csv-parse/sync";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { buildReport } from "../../src/report/buildReport";
import type { TextRow } from "../../src/report/contents";
import type { Study } from "../../src/study/study";
import { openBrowser } from "../figures/browser";
import { hostileWords } from "../figures/hostileWords";
import { makeStudy } from "./madeStudies";

const hostileClasses = ["<script>window.harmed = 1</script>", "<a href='javascript:window.harmed = 1'>x</a>\u202e"];
const hostileMeasure = {
  name: "topTwo",
  symbol: "<i onclick='window.harmed = 1'>Σ</i>",
  title: "<script>window.harmed = 1</script> two largest weights",
  meaning: "<img src=x onerror='window.harmed = 1'>",
  version: 1,
  of: () => 1,
};
const folder = mkdtempSync(join(tmpdir(), "attention-report-page-"));
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const many = 5_000;
const views = ["studies", "agreement", "interventions", "texts", "study"];

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
  let rows: TextRow[];
  /** In the address. */
  let reviews: string;
  let sst: string;
  /** What no page may have: messages on the console, errors, requests to a network. */
  const faults: string[] = [];

  before(async () => {
    const root = join(folder, "study");
    const keyOf = (study: Study) => `study=${relative(root, study.folder).split(sep).join("/")}`;
    const analysis = { measures: [hostileMeasure], importances: ["random"], interventions: ["reversed"] } as const;
    const first = await makeStudy(root, { corpus: "reviews", count: 120, withTexts: true, analysis });
    rows = first.rows as unknown as TextRow[];
    reviews = keyOf(first);
    sst = keyOf(await makeStudy(root, { corpus: "sst", count: 40, options: { seed: 1 } }));
    await makeStudy(root, { corpus: "sst", count: 40, options: { encoder: "average", seed: 1 } });
    await makeStudy(root, { corpus: "sst", count: 40, options: { seed: 1, attentionWeights: "sparsemax" } });
    await makeStudy(root, { corpus: "sst", count: 40, classNames: hostileClasses, options: { epochs: 2 } });
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
      await page.getByRole("link", { name: "Agreement" }).click();
      await choice(page, "Corpus").selectOption("sst");
      await choice(page, "Study").selectOption({ label: "sst, bilstm, additive, seed 1" });
      await page.locator(".plot .main-svg").first().waitFor();
      await choice(page, "Study").selectOption({ label: "sst, bilstm, additive, seed 1, sparsemax" });
      await page
        .locator("#study-name", { hasText: "Made corpus sst: sst, bilstm, additive, seed 1, sparsemax" })
        .waitFor();
      await page.getByRole("heading", { name: "Beside the paper" }).waitFor();
      assert.match(
        new URL(page.url()).hash,
        /^#study=sst\/bilstm-additive-seed-1-sparsemax-[0-9a-f]{8}&view=agreement$/,
      );
      await page.goBack();
      await page.locator("#study-name", { hasText: /sst, bilstm, additive, seed 1, profile/ }).waitFor();
    });
  });

  it("lists what is added to an analysis under its own name", async () => {
    await visit(`${reviews}&view=agreement`, async (page) => {
      await page.getByRole("heading", { name: "τ_r, attention and random numbers" }).waitFor();
      await page.getByRole("link", { name: "Other attentions" }).click();
      await choice(page, "Measured").selectOption("reversedTvd");
      await choice(page, "Drawn over").selectOption("topTwo");
      await page.getByRole("heading", { name: "change of the output: reversed attention" }).waitFor();
      await page.getByRole("link", { name: "Texts" }).click();
      await choice(page, "Sort by").selectOption("topTwo");
      await page.locator(".controls .about", { hasText: hostileMeasure.meaning }).waitFor();
      await page.locator(".body .row").first().click();
      await page.locator(".heatmap figure", { hasText: "attention, reversed" }).waitFor();
    });
  });

  it("shows names that do harm as they are written", async () => {
    await visit(`${sst}&view=studies`, async (page) => {
      await choice(page, "Study").selectOption({ label: "sst, bilstm, additive, seed 0, epochs 2" });
      for (const { tab, shows } of [
        { tab: "Agreement", shows: ".plot .main-svg" },
        { tab: "Other attentions", shows: ".plot .main-svg" },
        { tab: "Texts", shows: ".body .row" },
        { tab: "All studies", shows: ".plot .main-svg" },
      ]) {
        await page.getByRole("link", { name: tab }).click();
        await page.locator(shows).first().waitFor();
        if (tab !== "All studies") await page.getByText(hostileClasses[0]!).first().waitFor({ state: "attached" });
        assert.equal(await page.locator("main").locator("script, img, [onclick], a[href^=javascript]").count(), 0);
      }
      assert.equal(await page.evaluate(() => "harmed" in window), false);
    });
  });

  it("filters and sorts texts, and links what is seen", async () => {
    await visit(`${reviews}&view=texts`, async (page, context) => {
      await status(page, "120 of 120 texts");
      await choice(page, "Predicted class").selectOption("positive");
      await choice(page, "Prediction").selectOption("wrong");
      const wrong = rows.filter(({ predicted, label }) => predicted === "positive" && label !== predicted);
      await status(page, `${wrong.length} of 120 texts`);
      await choice(page, "Sort by").selectOption("permutationTvd");
      await choice(page, "Order").selectOption("descending");
      const changeOf = (row: TextRow) => row.permutationTvd as number;
      const largest = [...wrong].sort((a, b) => changeOf(b) - changeOf(a))[0]!;
      const first = page.locator(".body .row").first();
      assert.equal(await first.locator(".words").getAttribute("title"), largest.id);
      assert.match(await first.locator(".sorted").innerText(), new RegExp(changeOf(largest).toFixed(3)));
      const other = await context.newPage();
      await other.goto(page.url());
      await status(other, `${wrong.length} of 120 texts`);
      assert.deepEqual(await texts(other), await texts(page));
    });
    await visit(`${reviews}&view=texts`, async (page) => {
      await page.getByLabel("Text contains").fill("NEEDLE");
      await status(page, "1 of 120 texts");
      assert.deepEqual(await texts(page), ["the needle in a haystack"]);
      const csv = await downloaded(page, "CSV of these texts");
      const records: Record<string, string>[] = parse(csv.text, { columns: true });
      assert.deepEqual(
        records.map(({ id }) => id),
        ["test-7"],
      );
      assert.equal(Number(records[0]!.tauGradient), rows[7]!.tauGradient);
    });
  });

  it("opens a text by mouse, shows its words as words, and closes it", async () => {
    await visit(`${reviews}&view=texts`, async (page) => {
      await page.locator(".body .row").first().click();
      const heatmap = page.locator(".heatmap figure");
      await heatmap.waitFor();
      const shown = await heatmap.locator("span[title], u[title]").count();
      assert.ok(shown >= 6 * hostileWords.length && shown % hostileWords.length === 0, String(shown));
      assert.match(await heatmap.innerText(), /<script>window\.harmed = 1<\/script>/);
      assert.equal(await page.evaluate(() => "harmed" in window), false);
      assert.equal(await heatmap.locator("script, img, [onmouseover]").count(), 0);
      await page.getByRole("button", { name: "Next" }).click();
      await page.getByRole("heading", { name: "test-1" }).waitFor();
      await page.keyboard.press("Escape");
      await page.getByText("No text is chosen.").waitFor();
    });
  });

  it("opens a text by keyboard alone", async () => {
    await visit(`${reviews}&view=texts`, async (page) => {
      await status(page, "120 of 120");
      await page.locator(".texts").focus();
      for (const key of ["End", "ArrowUp", "ArrowUp", "ArrowDown", "Enter"]) await page.keyboard.press(key);
      await page.getByRole("heading", { name: "test-118" }).waitFor();
      assert.equal(await page.evaluate(() => document.activeElement?.textContent), "test-118");
      await page.keyboard.press("Escape");
      assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("role")), "grid");
    });
  });

  it("prints a dark page on a light ground, its figures drawn at once", async () => {
    await visit(
      `${reviews}&view=agreement`,
      async (page) => {
        await page.locator(".plot .main-svg").first().waitFor();
        await page.evaluate(() => void dispatchEvent(new Event("beforeprint")));
        const seen = await page.evaluate(() => [
          document.documentElement.dataset.theme,
          document.querySelectorAll(".plot").length,
          document.querySelectorAll(".plot:has(.main-svg)").length,
        ]);
        assert.deepEqual(seen, ["light", 4, 4]);
        await page.evaluate(() => void dispatchEvent(new Event("afterprint")));
        assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
      },
      { colorScheme: "dark" },
    );
  });

  it("skips to the results without losing the view", async () => {
    await visit(`${reviews}&view=texts`, async (page) => {
      await status(page, "120 of 120");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      assert.equal(await page.evaluate(() => document.activeElement?.id), "view");
      await status(page, "120 of 120");
    });
  });

  it("says so where the texts are not there", async () => {
    await visit(`${sst}&view=texts&text=test-3`, async (page) => {
      await page.locator(".detail", { hasText: "may not be passed on or were not stored" }).waitFor();
      assert.equal(await page.getByLabel("Text contains").count(), 0);
    });
  });

  it("hands out figures and tables", async () => {
    await visit(`${reviews}&view=agreement`, async (page) => {
      await page.locator(".plot .main-svg").first().waitFor();
      const svg = await downloaded(page, "SVG of τ_g, attention and gradient");
      assert.equal(svg.name, "reviews-bilstm-additive-seed-0-tauGradient.svg");
      assert.match(svg.text, /^<svg role="img" aria-label="reviews, bilstm, additive, seed 0\. Histogram of [^>]*>/);
      assert.match(svg.text, /<text[^>]*>[^<]*negative: n = /);
      const png = await downloaded(page, "PNG of τ_g, attention and gradient");
      assert.match(png.text, /^.PNG/);
      const figure = JSON.parse((await downloaded(page, "JSON of τ_g, attention and gradient")).text);
      assert.deepEqual(Object.keys(figure), ["data", "layout"]);
      const csv = await downloaded(page, "CSV of τ_g, attention and gradient");
      assert.equal(parse(csv.text, { columns: true }).length, 120);
      const table = await downloaded(page, "LaTeX of Beside the paper");
      assert.match(table.text, /\\toprule/);
    });
  });

  it("keeps few of many texts in the page, and answers at both ends", async () => {
    await visit("view=texts&sort=permutationTvd", async (page) => {
      await status(page, "5,000 of 5,000 texts");
      await page.locator(".texts").focus();
      for (const key of ["End", "Home", "PageDown", "End"]) await page.keyboard.press(key);
      await page.locator('.row[aria-rowindex="5001"]').waitFor();
      const count = await page.locator(".body .row").count();
      assert.ok(count > 10 && count < 200, String(count));
      assert.equal(await page.locator(".texts").getAttribute("aria-rowcount"), "5001");
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
        const state = `${reviews}&view=${view}&text=test-5&sort=tauGradient`;
        await visit(
          state,
          async (page) => {
            await page
              .locator(view === "texts" ? ".heatmap figure" : ".plot .main-svg")
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
        `${reviews}&view=${view}&text=test-0`,
        async (page) => {
          await page
            .locator(view === "texts" ? ".heatmap figure" : ".plot .main-svg")
            .first()
            .waitFor();
          assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360, view);
        },
        { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
      );
    }
  });
}
