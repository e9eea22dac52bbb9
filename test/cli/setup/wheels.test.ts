import assert from "node:assert/strict";
import { test } from "node:test";
import { isNeeded, libraryNames, tensorflowVersion, wheelFor } from "../../../src/cli/setup/wheels";

test("each supported platform has a wheel of its own, whose name tells version, platform and processor", () => {
  const marks: [string, string, RegExp][] = [
    ["linux", "x64", /manylinux.*x86_64\.whl$/],
    ["linux", "arm64", /manylinux.*aarch64\.whl$/],
    ["darwin", "x64", /macosx.*x86_64\.whl$/],
    ["darwin", "arm64", /macosx.*arm64\.whl$/],
  ];
  for (const [platform, architecture, mark] of marks) {
    const wheel = wheelFor(platform, architecture);
    assert.ok(wheel);
    assert.match(wheel.file, mark);
    assert.ok(wheel.file.startsWith(`${wheel.project.replaceAll("-", "_")}-${tensorflowVersion}-`), wheel.file);
    assert.match(wheel.sha256, /^[0-9a-f]{64}$/);
  }
  assert.equal(wheelFor("win32", "x64"), undefined);
  assert.equal(wheelFor("linux", "riscv64"), undefined);
});

test("of the wheel only libraries and headers are needed", () => {
  for (const platform of ["linux", "darwin"])
    for (const library of libraryNames(platform)) assert.ok(isNeeded(`tensorflow/${library}`), library);
  assert.ok(isNeeded("tensorflow_cpu_aws.libs/libomp-54bf90fd.so.5"));
  assert.ok(isNeeded("tensorflow/include/tensorflow/c/kernels.h"));
  assert.ok(isNeeded("tensorflow/include/Eigen/Core"));
  for (const path of [
    "tensorflow/python/_pywrap_tensorflow_internal.so",
    "tensorflow/include/google/protobuf/any.h",
    "tensorflow/libtensorflow_cc.so.2/x",
    "other/tensorflow/include/Eigen/Core",
  ])
    assert.equal(isNeeded(path), false, path);
});
