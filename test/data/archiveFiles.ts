import { gzipSync } from "node:zlib";
import { type Header, pack } from "tar-stream";

/** An entry of a made tar archive; a link has `linkname`. */
export type TarEntry = Pick<Header, "name"> & Partial<Header> & { content?: string | Buffer };

/** The bytes of a tar.gz archive with these entries. */
export async function makeTarGz(entries: readonly TarEntry[]): Promise<Buffer> {
  const archive = pack();
  for (const { content = "", ...header } of entries) archive.entry(header, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}
