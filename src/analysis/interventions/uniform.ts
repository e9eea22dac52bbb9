import { intervention } from "../intervention";

export const uniform = intervention("uniform", {
  title: "uniform attention",
  meaning: "Every word has the same attention.",
  version: 1,
  attention: ({ attention }) => attention.map(() => 1 / attention.length),
});
