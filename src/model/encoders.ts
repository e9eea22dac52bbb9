import type { EncoderName } from "../config";
import { bilstmEncoder } from "./bilstmEncoder";
import type { Encoder } from "./encoder";

/** Every encoder by its name. */
export const encoders: Record<EncoderName, Encoder> = {
  bilstm: bilstmEncoder,
};
