import type { EncoderName } from "../study/config";
import { averageEncoder } from "./averageEncoder";
import { bilstmEncoder } from "./bilstmEncoder";
import { cnnEncoder } from "./cnnEncoder";
import type { Encoder } from "./encoder";

/** Every encoder by its name. */
export const encoders: Record<EncoderName, Encoder> = {
  bilstm: bilstmEncoder,
  cnn: cnnEncoder,
  average: averageEncoder,
};
