import { intervention } from "../intervention";

export const reversed = intervention("reversed", {
  title: "reversed attention",
  meaning: "The attention of the last word stands at the first, and so on.",
  version: 1,
  attention: ({ attention }) => [...attention].reverse(),
});
