// Packs six files of bAbI tasks v1.2 and their licence: node data/babi/make_babi.mjs FOLDER, as in ~/tasks_1-20_v1-2
import { createHash } from "node:crypto";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const contents = {
  "qa1_single-supporting-fact_train.txt": "c64ba9b1a49bbb111ffc4cd2ae4f129d25c012399dd7ade9679eea464b9afb05",
  "qa1_single-supporting-fact_test.txt": "55acf66cef2f6d798e2aa1d056e1ec8f24e910ea9215b639450574321132959b",
  "qa2_two-supporting-facts_train.txt": "a4978af5bc0dc30191810e7c9949aaa6eae939ed0f6beb9fcb5f4330c2a27860",
  "qa2_two-supporting-facts_test.txt": "eff93fb9cd81ba02eb765772cf7cc269769ed44ec71cbbbc19cfb16ee5eba0f6",
  "qa3_three-supporting-facts_train.txt": "a6e78019f36a02a7ed71fe6aaded0b563ff09c8deec392931801fcd9c6af4d60",
  "qa3_three-supporting-facts_test.txt": "17795c977100baf8188f386522ae301b62d6c1a13efc01b3aea781e588b4d57f",
};

const source = argv[2];
if (source === undefined) throw new Error("Name the folder tasks_1-20_v1-2 of the unpacked official archive.");
const target = dirname(fileURLToPath(import.meta.url));
for (const [name, sha256] of Object.entries(contents)) {
  const bytes = readFileSync(join(source, "en", name));
  const found = createHash("sha256").update(bytes).digest("hex");
  if (found !== sha256) throw new Error(`${name} is not the file this script was made for: SHA-256 ${found}`);
  const packed = gzipSync(bytes, { level: 9 });
  packed[9] = 255; // no operating system named: the same bytes everywhere
  writeFileSync(join(target, `${name}.gz`), packed);
  console.log(`${name}.gz: ${packed.length} bytes`);
}
copyFileSync(join(source, "LICENSE.txt"), join(target, "LICENSE.txt"));
