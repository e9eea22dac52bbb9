import { EventEmitter } from "node:events";
import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { Readable } from "node:stream";
import type { TestContext } from "node:test";

/**
 * Answers every request with these bytes, or with an error, for the rest of a test.
 *
 * @returns the addresses that are asked for
 */
export function serve(context: TestContext, content: string | Uint8Array | Error): string[] {
  const asked: string[] = [];
  const get = (url: URL, _options: object, answer: (response: IncomingMessage) => void) => {
    asked.push(url.href);
    const request = new EventEmitter();
    const bytes = content instanceof Error ? "" : Buffer.from(content);
    const response = Object.assign(Readable.from([bytes]), { statusCode: 200, headers: {} });
    setImmediate(() =>
      content instanceof Error ? request.emit("error", content) : answer(response as IncomingMessage),
    );
    return request;
  };
  for (const client of [http, https]) context.mock.method(client, "get", get as unknown as typeof http.get);
  return asked;
}
