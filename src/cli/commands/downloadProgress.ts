import { SingleBar } from "cli-progress";
import { type DownloadRequest, download } from "../../data/files/download";
import { seconds, type Terminal } from "../setup/steps.cjs";

/** Downloads one file with a progress bar, or, where the output is not a terminal, with a line for every tenth. */
export async function downloadWithProgress(
  terminal: Terminal,
  request: Omit<DownloadRequest, "onProgress">,
): Promise<void> {
  const start = Date.now();
  const progress = terminal.interactive ? barProgress(terminal, request.label) : lineProgress(terminal, request.label);
  try {
    await download({ ...request, onProgress: progress.update });
  } finally {
    progress.end();
  }
  terminal.line(`  Downloaded ${request.label} (${seconds(Date.now() - start)})`);
}

interface Progress {
  update(received: number, total: number | undefined): void;
  end(): void;
}

function barProgress(terminal: Terminal, label: string): Progress {
  const bar = new SingleBar({
    format: `  ${label} {bar} {percentage} % of {size}, {eta} s left`,
    barsize: 24,
    clearOnComplete: true,
    gracefulExit: false,
  });
  terminal.pause(true);
  bar.start(1, 0, { size: "?" });
  return {
    update(received, total) {
      if (total !== undefined) bar.setTotal(total);
      bar.update(received, { size: total === undefined ? "?" : megabytes(total) });
    },
    end() {
      bar.stop();
      terminal.pause(false);
    },
  };
}

function lineProgress(terminal: Terminal, label: string): Progress {
  let next = 10;
  return {
    update(received, total) {
      const percent = total === undefined ? 0 : Math.floor((100 * received) / total);
      if (percent < next || percent >= 100) return;
      next = 10 * Math.floor(percent / 10) + 10;
      terminal.line(`  ${label}: ${percent} % of ${megabytes(total ?? 0)}`);
    },
    end() {},
  };
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
