import { averageEncoder } from "./averageEncoder";
import { bilstmEncoder } from "./bilstmEncoder";
import { cnnEncoder } from "./cnnEncoder";
import type { Encoder } from "./encoder";

/** Every encoder by its name, that of the field; published files call the BiLSTM "lstm". */
export const encoders = { bilstm: bilstmEncoder, cnn: cnnEncoder, average: averageEncoder } satisfies Record<
  string,
  Encoder
>;

export type EncoderName = keyof typeof encoders;
