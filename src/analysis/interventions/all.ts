import { exact } from "./adversary/exact";
import { longSearch, search } from "./adversary/search";
import { eraseTop } from "./eraseTop";
import { oneHot } from "./oneHot";
import { permutation } from "./permutation";
import { reversed } from "./reversed";
import { uniform } from "./uniform";

/** Every intervention that is built in. */
export const interventions = [permutation, search, exact, longSearch, uniform, oneHot, reversed, eraseTop] as const;

/**
 * The paper's (section 4.2), the exact adversary, which the paper's search gives a lower bound of, and what their numbers
 * are held against.
 */
export const paperInterventions = [permutation, search, exact, longSearch, uniform, oneHot] as const;
