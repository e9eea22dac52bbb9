import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";

interface Created {
  metadata: { name: string };
  spec: { template: { spec: { containers: { args: string[] }[] } } };
}

/** What Snakemake's executor asks of the Kubernetes API; a job runs here, as its container would in the cluster. */
export class KubernetesApi {
  /** The objects of all jobs that were created, as they came. */
  readonly jobs: Created[] = [];
  readonly secrets: unknown[] = [];
  private readonly ended = new Map<string, { succeeded?: number; failed?: number }>();
  private readonly server: Server;

  /** @param logs the folder for what the jobs print */
  constructor(
    private readonly environment: NodeJS.ProcessEnv,
    private readonly logs: string,
  ) {
    this.server = createServer(async (request, response) => {
      const path = request.url!.split("?")[0]!;
      const body = request.method === "POST" ? ((await json(request)) as Created) : undefined;
      const answer = this.answer(`${request.method} ${path}`, body);
      response.writeHead(answer === undefined ? 404 : 200, { "Content-Type": "application/json" });
      response.end(JSON.stringify(answer ?? { kind: "Status", status: "Failure", code: 404 }));
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private answer(asked: string, body: Created | undefined): unknown {
    if (/^POST .*\/secrets$/.test(asked)) {
      this.secrets.push(body);
      return body;
    }
    if (/^POST .*\/jobs$/.test(asked)) {
      this.jobs.push(body!);
      this.run(body!);
      return body;
    }
    const name = /^GET .*\/jobs\/([^/]+)(\/status)?$/.exec(asked)?.[1];
    if (name !== undefined) return { metadata: { name }, status: this.ended.get(name) ?? { active: 1 } };
    if (/^GET .*\/pods$/.test(asked)) return { kind: "PodList", items: [] };
    return asked.startsWith("DELETE") ? { kind: "Status", status: "Success" } : undefined;
  }

  private run({ metadata, spec }: Created): void {
    const [container] = spec.template.spec.containers;
    const log = openSync(join(this.logs, `${metadata.name}.log`), "w");
    const child = spawn("/bin/sh", container!.args, {
      cwd: this.logs,
      env: this.environment,
      stdio: ["ignore", log, log],
    });
    child.on("close", (code) => this.ended.set(metadata.name, code === 0 ? { succeeded: 1 } : { failed: 1 }));
  }

  stop(): Promise<void> {
    return new Promise((done) => {
      this.server.close(() => done());
      this.server.closeAllConnections();
    });
  }
}
