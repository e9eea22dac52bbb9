import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { after, before, it } from "node:test";
import { pathToFileURL } from "node:url";
import type { AxeResults } from "axe-core";
import { parse } from "csv-parse/sync";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { buildReport } from "../../src/report/buildReport";
import type { TextRow } from "../../src/report/page/openStudy";
import type { Study } from "../../src/study/study";
import { describeInBrowser } from "../figures/browser";
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
const views = ["claims", "studies", "agreement", "interventions", "texts", "compare", "study"];

describeInBrowser("the report's page", describeWith);

function describeWith(browser: Browser): void {
  let address: string;
  let rows: TextRow[];
  /** In the address. */
  let reviews: string;
  let sst: string;
  /** A second study of the reviews, in the address. */
  let beside: string;
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
    beside = keyOf(
      await makeStudy(root, { corpus: "reviews", count: 120, withTexts: true, options: { encoder: "average" } }),
    ).replace("study=", "beside=");
    await makeStudy(root, { corpus: "reviews", count: 120, options: { seed: 2 } });
    await makeStudy(root, { corpus: "sst", count: 40, options: { encoder: "average", seed: 1 } });
    await makeStudy(root, { corpus: "sst", count: 40, options: { seed: 1, attentionWeights: "sparsemax" } });
    await makeStudy(root, { corpus: "sst", count: 40, classNames: hostileClasses, options: { epochs: 2 } });
    await makeStudy(root, { corpus: "agnews", count: 60, isSolved: false });
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

  const texts = (page: Page) => page.locator("td .words").allTextContents();
  const choice = (page: Page, name: string) => page.getByRole("combobox", { name, exact: true });
  const shownIn = (view: string) => ({ texts: ".heatmap figure", claims: "table" })[view] ?? ".plot .main-svg";
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
      await choice(page, "Corpus").selectOption({ label: "Made corpus sst (sst)" });
      await choice(page, "Study").selectOption({ label: "bilstm, additive, seed 1, quick" });
      await page.locator(".plot .main-svg").first().waitFor();
      await choice(page, "Study").selectOption({ label: "bilstm, additive, sparsemax, seed 1, quick" });
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
      await page.getByRole("heading", { name: /^τ ?r, attention and random numbers$/ }).waitFor();
      await page.getByRole("link", { name: "Other attentions" }).click();
      await choice(page, "Measured").selectOption("reversedTvd");
      await choice(page, "Drawn over").selectOption("topTwo");
      await page.getByRole("heading", { name: "change of the output: reversed attention" }).waitFor();
      await page.getByRole("link", { name: "Texts" }).click();
      await choice(page, "Sort by").selectOption("topTwo");
      await page.locator("main > div > .about", { hasText: hostileMeasure.meaning }).waitFor();
      await page.locator("td .words").first().click();
      await page.locator(".heatmap figure", { hasText: "attention, reversed" }).waitFor();
      await page.getByRole("link", { name: "All studies" }).click();
      await page.getByRole("button", { name: hostileMeasure.symbol }).waitFor();
    });
  });

  it("shows names that do harm as they are written", async () => {
    await visit(`${sst}&view=studies`, async (page) => {
      await choice(page, "Study").selectOption({ label: "bilstm, additive, epochs 2, seed 0, quick" });
      for (const { tab, shows } of [
        { tab: "Agreement", shows: ".plot .main-svg" },
        { tab: "Other attentions", shows: ".plot .main-svg" },
        { tab: "Texts", shows: "td .words" },
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
      const first = page.locator(".list tbody tr").first();
      assert.equal(await first.locator(".words").getAttribute("title"), largest.id);
      assert.match(await first.locator(".sorted").innerText(), new RegExp(changeOf(largest).toFixed(3)));
      const other = await context.newPage();
      await other.goto(page.url());
      await status(other, `${wrong.length} of 120 texts`);
      assert.deepEqual(await texts(other), await texts(page));
    });
    await visit(`${reviews}&view=texts`, async (page) => {
      await choice(page, "True class").selectOption("negative");
      await choice(page, "Only where").selectOption("tauGradient");
      await page.getByLabel("is from").fill("0.1");
      await page.getByLabel("to", { exact: true }).fill("0.4");
      const inside = rows.filter(
        ({ label, tauGradient: tau }) => label === "negative" && Number(tau) >= 0.1 && Number(tau) <= 0.4,
      );
      assert.ok(inside.length > 0);
      await status(page, `${inside.length} of 120 texts`);
      await page.getByRole("button", { name: "τg", exact: true }).click();
      await page.locator("th[aria-sort=descending]").waitFor();
      const highest = [...inside].sort((a, b) => (b.tauGradient as number) - (a.tauGradient as number))[0]!;
      assert.equal(await page.locator("td .words").first().getAttribute("title"), highest.id);
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
      await page.locator("td .words").first().click();
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
      await page.locator(".detail").waitFor({ state: "detached" });
    });
  });

  it("opens a text by keyboard alone", async () => {
    await visit(`${reviews}&view=texts`, async (page) => {
      await status(page, "120 of 120");
      await page.locator("td .words").first().focus();
      for (const key of ["Tab", "Tab", "Enter"]) await page.keyboard.press(key);
      await page.getByRole("heading", { name: "test-2" }).waitFor();
      assert.equal(await page.evaluate(() => document.activeElement?.textContent), "test-2");
      await page.keyboard.press("Escape");
      assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "texts");
    });
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

  it("brings many texts into the page a part at a time", async () => {
    await visit("view=studies", async (page) => {
      await page.getByRole("link", { name: "babi1" }).click();
      await page.getByRole("link", { name: "Texts" }).click();
      await status(page, "5,000 of 5,000 texts");
      assert.equal((await texts(page)).length, 200);
      await page.getByRole("button", { name: "Show more; 4,800 are left" }).click();
      await page.getByRole("button", { name: "Show more; 4,600 are left" }).waitFor();
      assert.equal((await texts(page)).length, 400);
    });
  });

  it("opens on the claims of a solved study, and says that a study is not there", async () => {
    await visit("", async (page) => {
      await page.getByRole("heading", { name: "1. Does attention agree with the importance of words?" }).waitFor();
      assert.match(await page.locator("#study-name").innerText(), /^Made corpus babi1/);
      await choice(page, "Corpus").selectOption({ label: "Made corpus reviews (reviews)" });
      const first = page.getByRole("region", { name: "The paper's claims" }).first();
      await first.getByRole("columnheader", { name: "rule", exact: true }).waitFor();
      const inFull = page.getByRole("region", { name: /^reviews in full/ }).first();
      await inFull.waitFor();
      const heads = await inFull.locator("th").allInnerTexts();
      const own = ["claim", "of", "effect", "control", "published", "verdict", "reason"];
      assert.deepEqual(heads, [...own, "besides", "of the corpus"]);
    });
    await visit("study=sst/none&view=agreement", async (page) => {
      await page.getByRole("alert").filter({ hasText: 'This report has no study "sst/none"' }).waitFor();
    });
  });

  it("sorts and filters the studies, and leaves tasks that are not solved out of the figures", async () => {
    await visit("view=studies", async (page) => {
      await status(page, "9 of 9 studies");
      const row = page.locator("tbody tr", { hasText: "agnews" });
      await row.locator(".badge").waitFor();
      await page.getByLabel("Containing").fill("reviews bilstm");
      await status(page, "2 of 9 studies");
      await page.getByRole("button", { name: "seed" }).click();
      const seeds = await page.locator(".rows tr td:nth-child(4)").allInnerTexts();
      assert.deepEqual(seeds, ["2", "0"]);
      await choice(page, "Corpus").selectOption({ label: "Made corpus agnews (agnews)" });
      await page.getByText("There is none whose task is solved").first().waitFor();
      await choice(page, "Tasks that are not solved").selectOption("shown");
      await page.getByRole("heading", { name: "What models have on average" }).waitFor();
      await page.locator(".plot .main-svg").first().waitFor();
      assert.equal(await page.getByText("There is none whose task is solved").count(), 0);
    });
  });

  it("compares two studies: numbers, one drawn over the other, and the texts that differ most", async () => {
    await visit(`${reviews}&view=compare`, async (page) => {
      await choice(page, "Beside it").selectOption({ label: "average, additive, seed 0, quick" });
      await page.getByRole("heading", { name: "Numbers over 120 common texts" }).waitFor();
      await page.getByText("Only where").waitFor({ state: "detached" });
      assert.equal(new URLSearchParams(page.url().split("#")[1]).get("beside"), beside.slice("beside=".length));
      await choice(page, "Measured").selectOption("permutationTvd");
      await page.locator(".plot .main-svg").first().waitFor();
      await page.getByRole("link", { name: "The texts that differ most" }).click();
      await status(page, "120 of 120 texts");
      const differences = await page.locator("td.sorted").allInnerTexts();
      const sizes = differences.map((text) => Math.abs(Number(text.replace("−", "-"))));
      assert.deepEqual(
        sizes,
        [...sizes].sort((a, b) => b - a),
      );
      await page.locator("td .words").first().click();
      await page.locator(".heatmap figure").nth(1).waitFor();
      assert.deepEqual(await page.locator(".detail h4").allInnerTexts(), ["bilstm", "average"]);
      const [left, right] = await page.locator(".heatmap").all();
      const places = [await left!.boundingBox(), await right!.boundingBox()];
      assert.ok(places[1]!.x > places[0]!.x + places[0]!.width - 1 && places[0]!.y === places[1]!.y);
    });
  });

  it("shows one text under all models that have it", async () => {
    await visit(`${reviews}&view=texts&text=test-0`, async (page) => {
      await page.getByRole("button", { name: "Under all models" }).click();
      await page.getByText("3 of 3 studies of reviews have this text, 2 of them with these weights").waitFor();
      await choice(page, "Weights").selectOption("gradient");
      const region = page.getByRole("region", { name: "Numbers of this text" });
      assert.equal(await region.locator("tbody tr").count(), 3);
      assert.equal(await page.evaluate(() => "harmed" in window), false);
    });
  });

  it("tells the text at the point of a scatter, goes back to all after a zoom, and copies its link", async () => {
    const grants = { permissions: ["clipboard-read", "clipboard-write"] };
    await visit(
      `${reviews}&view=interventions`,
      async (page) => {
        const figure = page.locator(".figure", { hasText: "text by text" });
        const plot = figure.locator(".js-plotly-plot");
        await plot.waitFor();
        type Plotted = HTMLElement & { data: { text?: string[] }[]; layout: { xaxis: { range: number[] } } };
        const told = await plot.evaluate((one) => (one as Plotted).data.flatMap(({ text }) => text ?? []));
        assert.ok(told.some((text) => text.startsWith("test-7: the needle in a haystack")));
        assert.ok(
          told.some((text) => text.includes("&lt;script&gt;")) && !told.some((text) => text.includes("<script")),
        );
        const range = () => plot.evaluate((one) => (one as Plotted).layout.xaxis.range);
        const before = await range();
        await plot.scrollIntoViewIfNeeded();
        const box = (await plot.locator(".nsewdrag").boundingBox())!;
        await page.mouse.move(box.x + 40, box.y + 40);
        await page.mouse.down();
        await page.mouse.move(box.x + 160, box.y + 160, { steps: 5 });
        await page.mouse.up();
        await page.waitForFunction(({ node, old }) => (node as Plotted).layout.xaxis.range[1] !== old, {
          node: await plot.elementHandle(),
          old: before[1],
        });
        await plot.hover();
        await plot.locator("[data-title='Reset axes']").click();
        await page.waitForFunction(({ node, old }) => (node as Plotted).layout.xaxis.range[1] === old, {
          node: await plot.elementHandle(),
          old: before[1],
        });
        await page.getByRole("button", { name: "Copy link" }).click();
        await page.getByRole("button", { name: "Link copied" }).waitFor();
        assert.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url());
      },
      grants,
    );
  });

  for (const colorScheme of ["light", "dark"] as const) {
    // The light page has the same markup as the dark one. The insides of a figure are one image to a reader.
    const rules = colorScheme === "dark" ? ', runOnly: ["color-contrast"]' : "";
    const parts = '{ exclude: [".plot"] }';
    it(`has no serious fault of accessibility, ${colorScheme}`, async () => {
      for (const view of views) {
        const state = `${reviews}&${beside}&view=${view}&text=test-5&sort=tauGradient`;
        await visit(
          state,
          async (page) => {
            await page.locator(shownIn(view)).first().waitFor();
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
        `${reviews}&${beside}&view=${view}&text=test-0`,
        async (page) => {
          await page.locator(shownIn(view)).first().waitFor();
          assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360, view);
        },
        { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
      );
    }
  });
}
