import { exact } from "./adversary/exact";
import { search } from "./adversary/search";
import { eraseTop } from "./eraseTop";
import { permutation } from "./permutation";
import { reversed } from "./reversed";
import { uniform } from "./uniform";

/** Every intervention that is built in. */
export const interventions = [permutation, search, exact, uniform, reversed, eraseTop] as const;

/** The paper's (section 4.2), and the exact adversary, which the paper's search gives a lower bound of. */
export const paperInterventions = [permutation, search, exact] as const;
