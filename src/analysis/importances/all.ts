import { gradient } from "./gradient";
import { gradientNorm } from "./gradientNorm";
import { integratedGradients } from "./integratedGradients";
import { leaveOneOut } from "./leaveOneOut";
import { logitGradient } from "./logitGradient";
import { random } from "./random";

/** Every importance that is built in. */
export const importances = [gradient, leaveOneOut, logitGradient, integratedGradients, gradientNorm, random] as const;

/** The paper's (Algorithm 1). */
export const paperImportances = [gradient, leaveOneOut] as const;
