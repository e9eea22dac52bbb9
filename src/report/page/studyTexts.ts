import type { WeightsOfTexts, WordsOfTexts } from "../contents";
import type { OpenStudy } from "./context";
import { loadWeights, loadWords } from "./loadData";

/** The texts of a study, which come in parts when they are asked for. */
export class StudyTexts {
  /** By part: the texts in one line each, in small letters for the search. */
  private readonly lines = new Map<number, string[]>();
  private readonly words = new Map<number, WordsOfTexts>();

  constructor(private readonly study: OpenStudy) {}

  /** Whether the texts are in this report. */
  get areThere(): boolean {
    return this.study.contents.textsOfFile > 0;
  }

  private get parts(): number {
    return this.areThere ? Math.ceil(this.study.rows.length / this.study.contents.textsOfFile) : 0;
  }

  private place(index: number): [part: number, within: number] {
    const { textsOfFile } = this.study.contents;
    return [Math.floor(index / textsOfFile), index % textsOfFile];
  }

  /** The text at a place of the rows in one line; undefined until its part is there. */
  line(index: number): string | undefined {
    const [part, within] = this.place(index);
    const text = this.words.get(part)?.[within];
    return text ? lineOf(text) : undefined;
  }

  /** Brings the parts of some places. @returns whether anything new came */
  async bring(indices: readonly number[]): Promise<boolean> {
    const missing = new Set(indices.map((index) => this.place(index)[0]).filter((part) => !this.words.has(part)));
    await Promise.all([...missing].map((part) => this.bringPart(part)));
    return missing.size > 0;
  }

  /** Brings all texts, for a search. */
  async bringAll(onProgress: (done: number, total: number) => void): Promise<void> {
    for (let part = 0; part < this.parts; part += 1) {
      if (this.lines.has(part)) continue;
      onProgress(part, this.parts);
      const words = await this.bringPart(part);
      this.lines.set(
        part,
        words.map((text) => (text ? lineOf(text).toLowerCase() : "")),
      );
    }
  }

  private async bringPart(part: number): Promise<WordsOfTexts> {
    const words = await loadWords(this.study.entry.file, part);
    this.words.set(part, words);
    return words;
  }

  /** Whether a text that was brought has these letters, large or small. */
  contains(index: number, letters: string): boolean {
    const [part, within] = this.place(index);
    return this.lines.get(part)?.[within]?.includes(letters.toLowerCase()) ?? false;
  }

  /** The words of one text with their weights; undefined where the text is not there. */
  async text(
    index: number,
  ): Promise<(NonNullable<WordsOfTexts[number]> & NonNullable<WeightsOfTexts[number]>) | undefined> {
    const [part, within] = this.place(index);
    const [words, weights] = await Promise.all([
      loadWords(this.study.entry.file, part),
      loadWeights(this.study.entry.file, part),
    ]);
    const own = words[within];
    return own ? { ...own, ...weights[within]! } : undefined;
  }
}

function lineOf({ words, question }: NonNullable<WordsOfTexts[number]>): string {
  return question ? `${question.join(" ")} | ${words.join(" ")}` : words.join(" ");
}
