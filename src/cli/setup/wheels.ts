/** A wheel of the package index that holds libtensorflow and its C headers. */
export interface Wheel {
  /** Name of the project on the index. */
  project: string;
  file: string;
  sha256: string;
  bytes: number;
}

/** libtensorflow's version in every wheel below. */
export const tensorflowVersion = "2.15.1";

/**
 * The pinned wheels by platform and processor. The Python tag does not matter, as no Python runs in them. Only
 * linux-x64 has been tried; the others hold the same two libraries and headers by their tables of contents.
 */
const wheels: Record<string, Wheel> = {
  "linux-x64": {
    project: "tensorflow-cpu",
    file: "tensorflow_cpu-2.15.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    sha256: "54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26",
    bytes: 207_208_420,
  },
  "linux-arm64": {
    project: "tensorflow-cpu-aws",
    file: "tensorflow_cpu_aws-2.15.1-cp311-cp311-manylinux_2_17_aarch64.manylinux2014_aarch64.whl",
    sha256: "d4c3a3a9363bf42999adedbbd514e3a133be2d62f61fee9cfa46aaefb087c09e",
    bytes: 211_874_120,
  },
  "darwin-arm64": {
    project: "tensorflow",
    file: "tensorflow-2.15.1-cp311-cp311-macosx_12_0_arm64.whl",
    sha256: "aa926114d1e13ffe5b2ea59c3f195216f26646d7fe36e9e5207b291e4b7902ff",
    bytes: 205_736_374,
  },
  "darwin-x64": {
    project: "tensorflow",
    file: "tensorflow-2.15.1-cp311-cp311-macosx_10_15_x86_64.whl",
    sha256: "6761efe511e6ee0f893f60738fefbcc51d6dc386eeaaafea59d21899ef369ffd",
    bytes: 236_482_723,
  },
};

/** The wheel for a platform and processor in Node's names, or undefined where there is none. */
export function wheelFor(platform: string, architecture: string): Wheel | undefined {
  return wheels[`${platform}-${architecture}`];
}

/** The names of the two libraries inside the wheel's `tensorflow` folder. */
export function libraryNames(platform: string): [string, string] {
  return platform === "darwin"
    ? ["libtensorflow_cc.2.dylib", "libtensorflow_framework.2.dylib"]
    : ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"];
}

const folders = [
  "Eigen/",
  "unsupported/",
  "third_party/eigen3/",
  "tensorflow/c/",
  "tensorflow/core/platform/",
  "tsl/",
  "xla/c/",
].map((folder) => `tensorflow/include/${folder}`);

/** Whether a file of the wheel is needed: the libraries, those that they need themselves, and the headers. */
export function isNeeded(path: string): boolean {
  return (
    /^tensorflow\/libtensorflow_(cc|framework)\.(so\.2|2\.dylib)$/.test(path) ||
    /^tensorflow_[a-z_]+\.libs\/[^/]+$/.test(path) ||
    folders.some((folder) => path.startsWith(folder))
  );
}
