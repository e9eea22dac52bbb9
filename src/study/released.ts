import { join, relative } from "node:path";
import { UserError } from "../errors";
import { projectFolder } from "../paths";
import { type ModelConfig, modelConfig } from "./config";
import { findStudies, readStudy, type Study } from "./files";

/** The rows that come with the project, one folder for each configuration. */
export const releasedFolder = join(projectFolder, "data", "study");

/**
 * The released rows of a corpus and model.
 *
 * @param options encoder, attention and seed choose among them; any other option must be what they were made with
 * @throws UserError if there are none, or they were made with another value of an option
 */
export async function readReleased(corpus: string, options: Partial<ModelConfig> = {}): Promise<Study> {
  const { encoder, attention, seed } = modelConfig(options);
  const folder = join(releasedFolder, corpus, `${encoder}-${attention}`, `seed-${seed}`);
  const folders = await findStudies(releasedFolder);
  if (!folders.includes(folder)) {
    const there = folders.map((each) => relative(releasedFolder, each));
    throw new UserError(
      `Released rows of ${relative(releasedFolder, folder)} were asked for, but there are only ${there.join(", ")}; choose one of these, or the profile "quick" or "paper".`,
    );
  }
  const study = await readStudy(folder);
  for (const [option, asked] of Object.entries(options)) {
    const made = study.config[option as keyof ModelConfig];
    if (asked === made) continue;
    throw new UserError(
      `The released rows of ${relative(releasedFolder, folder)} were made with ${option} ${JSON.stringify(made)}, but ${JSON.stringify(asked)} was asked for; choose the profile "quick" or "paper" to compute it.`,
    );
  }
  return study;
}
