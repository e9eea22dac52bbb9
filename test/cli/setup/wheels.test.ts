import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { installWheel, libraryNames, moveNeeded, tensorflowVersion, wheelFor } from "../../../src/cli/setup/wheels";
import { projectFolder } from "../../../src/paths";
import { makeZip } from "../../data/zipFile";

const folder = mkdtempSync(join(tmpdir(), "wheels-"));
const variables = ["PIP_NO_INDEX", "PIP_FIND_LINKS", "PIP_TARGET"];
const environment = Object.fromEntries(variables.map((name) => [name, process.env[name]]));
after(() => {
  for (const name of variables)
    if (environment[name] === undefined) delete process.env[name];
    else process.env[name] = environment[name];
  rmSync(folder, { recursive: true });
});

test("each supported platform has a wheel of its own", () => {
  for (const what of ["tensorflow", "zig"] as const) {
    const wheels = ["linux", "darwin"].flatMap((platform) =>
      ["x64", "arm64"].map((architecture) => wheelFor(what, platform, architecture)!),
    );
    assert.equal(new Set(wheels.map(({ platform, sha256 }) => platform + sha256)).size, 4);
    for (const { sha256 } of wheels) assert.match(sha256, /^[0-9a-f]{64}$/);
    assert.equal(wheelFor(what, "win32", "x64"), undefined);
    assert.equal(wheelFor(what, "linux", "riscv64"), undefined);
  }
  assert.equal(wheelFor("tensorflow", "linux", "x64")?.version, tensorflowVersion);
});

test("a wheel is unpacked whole if its SHA-256 fits, for any Python, and where it says", async () => {
  const information = "made_up-1.0.dist-info";
  const bytes = makeZip(
    {
      "made_up/library.so": "library",
      [`${information}/METADATA`]: "Metadata-Version: 2.1\nName: made-up\nVersion: 1.0\n",
      [`${information}/WHEEL`]: "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp311-cp311-manylinux2014_aarch64\n",
      [`${information}/RECORD`]: "",
    },
    { compressed: true },
  );
  writeFileSync(join(folder, "made_up-1.0-cp311-cp311-manylinux2014_aarch64.whl"), bytes);
  Object.assign(process.env, { PIP_NO_INDEX: "1", PIP_FIND_LINKS: folder, PIP_TARGET: join(folder, "elsewhere") });
  const python = join(projectFolder, ".venv", "bin", "python");
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const wheel = { project: "made-up", version: "1.0", sha256, platform: "manylinux2014_aarch64" };
  const install = (changes: Partial<typeof wheel>, name: string) =>
    installWheel(python, { ...wheel, ...changes }, join(folder, name), join(folder, "log", "pip.log"));
  assert.equal(await install({}, "good"), true);
  assert.equal(readFileSync(join(folder, "good", "made_up", "library.so"), "utf8"), "library");
  assert.equal(await install({ version: "2.0" }, "absent"), false);
  await assert.rejects(
    install({ sha256: "0".repeat(64) }, "other"),
    /^UserError: Installing made-up 1\.0 failed:.*DO NOT MATCH THE HASHES.*The full output is in .*pip\.log/s,
  );
  for (const name of ["other", "elsewhere"]) assert.equal(existsSync(join(folder, name, "made_up")), false, name);
  assert.deepEqual(
    readdirSync(folder).filter((name) => /\.(txt|tmp)$/.test(name)),
    [],
  );
});

test("of the wheel of libtensorflow only libraries and headers are kept", async () => {
  const files = [
    ...libraryNames("linux").map((name) => `tensorflow/${name}`),
    "tensorflow_cpu_aws.libs/libomp-54bf90fd.so.5",
    "tensorflow/include/tensorflow/c/kernels.h",
    "tensorflow/include/Eigen/Core",
  ];
  for (const path of [
    ...files,
    "tensorflow/python/_pywrap_tensorflow_internal.so",
    "tensorflow/include/google/protobuf/any.h",
    "tensorflow_cpu_aws-2.dist-info/RECORD",
  ]) {
    mkdirSync(join(folder, "all", path, ".."), { recursive: true });
    writeFileSync(join(folder, "all", path), path);
  }
  assert.deepEqual((await moveNeeded(join(folder, "all"), join(folder, "needed"), "linux")).sort(), files.sort());
  for (const path of files) assert.equal(readFileSync(join(folder, "needed", path), "utf8"), path);
});
