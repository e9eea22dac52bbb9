import type { Measure } from "../measure";

export const words: Measure<"words"> = {
  name: "words",
  symbol: "words",
  title: "number of words",
  meaning: "The words of the text.",
  digits: 0,
  version: 1,
  of: ({ attention }) => attention.length,
};
