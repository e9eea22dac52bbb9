import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { attackAll, attackFolder, type Line, tinyCorpus } from "./attacks";

const { folder, put } = attackFolder();
const released = join(__dirname, "../../data/study/babi1-question-only");
const file = put("a-file", "x");
const corpus = put("tiny.csv", tinyCorpus());
put("other/page.txt", "not a report");
put("foreign/index.html", "<title>mine</title>");
put("empty-study/manifest.json", "");
symlinkSync(join(folder, "circle"), join(folder, "circle"));
const long = "x".repeat(5000);
const name255 = "n".repeat(300);
const hostile = "\u001b[2J\u0007\u202eevil\u009b31m";
const sst = ["study", "--corpus", "sst"];
const own = ["study", "--corpus-file", corpus];

/** An option of `npm run study` with a value that it cannot have. */
const wrong = (option: string, value: string, sentence: RegExp): Line => [
  `study ${option} ${value.slice(0, 20)}`,
  [...sst, ...option.split(" "), value],
  sentence,
];
/** An option of a model. */
const set = (assignment: string, sentence: RegExp) => wrong("--set", assignment, sentence);
const analysis = (assignment: string, sentence: RegExp) => wrong("--analysis", assignment, sentence);
const place = (what: string, out: string, sentence: RegExp): Line[] => [
  [`results: ${what}`, [...own, "--out", out], sentence],
  [`a report: ${what}`, ["report", released, "--out", out], sentence],
];

attackAll([
  ["no such command", ["strat"], /unknown command 'strat'\n\(Did you mean start\?\)/],
  ["a command in other letters", ["Study"], /unknown command 'Study'/],
  ["a command of control characters", [hostile], /unknown command/],
  ["a command of 5,000 letters", [long], /unknown command/],
  ["a command that is a property of every object", ["constructor"], /unknown command 'constructor'/],
  ["no such option", ["lab", "--prot", "9000"], /unknown option '--prot'\n\(Did you mean --port\?\)/],
  ["an option of 5,000 letters", ["lab", `--${long}`], /unknown option/],
  ["an option of another command", ["doctor", "--port", "1"], /unknown option '--port'/],
  ["an option that is a property of every object", ["doctor", "--__proto__", "1"], /unknown option '--__proto__'/],
  ["too many words", ["doctor", "now"], /too many arguments/],
  ["a missing value", ["lab", "--port"], /argument missing/],
  ["a missing name", ["vectors", "install"], /missing required argument 'name'/],
  ["port 0", ["lab", "--port", "0"], /"port" must be a whole number from 1 to 65535, but 0 came/],
  ["port 65536", ["lab", "--port", "65536"], /from 1 to 65535, but 65536 came/],
  ["half a port", ["lab", "--port", "80.5"], /must be a whole number/],
  ["a port that is none", ["lab", "--port", "http"], /must be a whole number .*, but NaN came/],
  ["an empty port", ["lab", "--port", ""], /must be a whole number .*, but 0 came/],
  ["a negative port", ["lab", "--port", "-1"], /must be a whole number|argument missing/],
  ["a profile that is none", ["start", "--profile", "quik"], /no profile "quik"; did you mean "quick"\?/],
  ["a profile of 5,000 letters", ["start", "--profile", long], /no profile "x+…/],
  [
    "a profile of control characters",
    ["start", "--profile", hostile],
    /no profile "\\u001b\[2J\\u0007\\u202eevil\\u009b31m"/,
  ],
  ["a corpus that is none", ["corpora", "stt"], /no corpus "stt"; did you mean "sst"\?/],
  ["a corpus of 5,000 letters", ["corpora", long], /no corpus "x+…/],
  ["a corpus of control characters", ["corpora", hostile], /no corpus "\\u001b/],
  ["a corpus that is a property of every object", ["corpora", "__proto__"], /no corpus "__proto__"/],
  ["word vectors that are none", ["vectors", "install", "glov"], /no .*"glov"/],
  ["word vectors out of the folder", ["vectors", "install", "../../x"], /no .*"\.\.\/\.\.\/x"/],
  ["no corpus at all", ["study"], /needs either corpora by name/],
  ["two kinds of corpora", [...sst, "--corpus-file", corpus], /and not both/],
  ["an empty name of a corpus", ["study", "--corpus", ""], /at least one corpus, but an empty list came/],
  ["commas for corpora", ["study", "--corpus", " , ,"], /at least one corpus, but an empty list came/],
  ["an unknown corpus among others", ["study", "--corpus", "sst,nope"], /There is no corpus "nope"/],
  wrong("--corpus", "stt", /There is no corpus "stt"; did you mean "sst"\?/),
  wrong("--encoder", "lstm", /no encoder "lstm"; did you mean "bilstm"\?/),
  wrong("--encoder", ",", /no encoder "(,|)"/),
  wrong("--encoder", "", /written as name=value|no encoder ""/),
  wrong("--encoder", "__proto__", /no encoder "__proto__"/),
  wrong("--encoder", hostile, /no encoder "\\u001b/),
  wrong("--encoder", long, /no encoder "x+…/),
  wrong("--encoder", "bilstm,", /no encoder ""/),
  wrong("--attention", "multiplicative", /no attention "multiplicative"/),
  wrong("--weights", "entmax", /no attentionWeights "entmax"/),
  wrong("--seed", "x", /"seed" must be a whole number from 0 to 2147483647, but "x" came/),
  wrong("--seed", "-1", /"seed" must be|argument missing/),
  wrong("--seed", "1.5", /"seed" must be a whole number .*, but 1\.5 came/),
  wrong("--seed", "2147483648", /"seed" must be a whole number/),
  wrong("--seed", "0,0x", /"seed" must be a whole number .*, but "0x" came/),
  wrong("--seed", "NaN", /"seed" must be a whole number .*, but "NaN" came/),
  wrong("--seed", "1e999", /"seed" must be a whole number/),
  wrong("--seed", long, /"seed" must be a whole number .*x…? came/),
  wrong("--limit", "0", /"limit" must be a whole number from 1, but 0 came/),
  wrong("--limit", "all", /"limit" must be a whole number from 1, but "all" came/),
  wrong("--test-limit", "0", /"testLimit" must be a whole number from 1, but 0 came/),
  wrong("--test-limit", "1,2", /"testLimit" must be a whole number from 1, but \[1,2\] came/),
  wrong("--jobs", "0", /"jobs" must be a whole number from 1, but 0 came/),
  wrong("--jobs", "two", /"jobs" must be a whole number from 1, but NaN came/),
  wrong("--profile", "fast", /no profile "fast"/),
  wrong("--profile", "released", /no profile "released"/),
  wrong("--vectors", "", /written as name=value/),
  set("epoch=4", /no option "epoch"; did you mean "epochs"\?/),
  set("epochs", /written as name=value, as in epochs=4, but "epochs" came/),
  set("=4", /written as name=value/),
  set("epochs=", /written as name=value/),
  set("", /written as name=value, as in epochs=4, but "" came/),
  set(long, /written as name=value, as in epochs=4, but "x+… came/),
  set("epochs=1", /"epochs" must be a whole number from 2 to 1000/),
  set("epochs=1001", /"epochs" must be a whole number from 2 to 1000/),
  set("epochs=4.5", /"epochs" must be/),
  set("epochs=Infinity", /"epochs" must be .*, but Infinity came/),
  set("epochs=true", /"epochs" must be .*, but true came/),
  set("batchSize=0", /"batchSize" must be a whole number from 1 to 1024/),
  set("hiddenSize=100000", /"hiddenSize" must be a whole number from 1 to 4096/),
  set("embeddingSize=-3", /"embeddingSize" must be/),
  set("learningRate=0", /"learningRate" must be a number above 0, but 0 came/),
  set("learningRate=NaN", /"learningRate" must be a number above 0/),
  set("weightDecay=-1", /"weightDecay" must be a number from 0/),
  set("attentionWeightDecay=x", /"attentionWeightDecay" must be a number from 0/),
  set("embeddingScale=0", /"embeddingScale" must be a number above 0/),
  set("averageActivation=gelu", /no averageActivation "gelu"/),
  set("__proto__=1", /no option "__proto__"/),
  set("constructor=1", /no option "constructor"/),
  set("toString.x=1", /no option "toString"/),
  set("epochs.x=2", /"epochs" must be/),
  set("corpus=sst", /no option "corpus"/),
  [
    "an option twice",
    [...sst, "--set", "seed=5", "--seed", "1"],
    /"seed" must be given once, but --set seed=5 and --seed 1/,
  ],
  analysis("search.step=4", /no option "step"; did you mean "steps"\?/),
  analysis("search.epsilons=0.02", /no option "epsilons"/),
  analysis("search=0.02", /"search" must be/),
  analysis("search.candidates=0", /"search.candidates" must be a whole number from 1 to 1000/),
  analysis("search.variant=mine", /no search.variant "mine"/),
  analysis("epsilons=2", /"epsilons" must be a list of numbers above 0 and up to 1/),
  analysis("epsilons=0", /"epsilons" must be a list of numbers/),
  analysis("epsilons=,", /"epsilons" must be a list of numbers/),
  analysis("permutations=0", /"permutations" must be a whole number from 1 to 100000/),
  analysis("permutations=1e9", /"permutations" must be a whole number from 1 to 100000/),
  analysis("importances=magic", /no importance "magic"/),
  analysis("importances=__proto__", /no importance "__proto__"/),
  analysis("interventions=magic", /no intervention "magic"/),
  analysis("measures=magic", /"measures" must be a list of measures/),
  analysis("statistic=magic", /"statistic" must be a statistic/),
  analysis("nonsense=1", /no option "nonsense"/),
  ["an empty folder for results", [...own, "--out", ""], /needs a folder for its results, but --out is empty/],
  ["a report into an empty name", ["report", released, "--out", ""], /holds something else/],
  ...place("a file", file, /a-file[^ ]* cannot be used \(ENOTDIR: not a directory\)/),
  ...place("below a file", join(file, "x", "y"), /cannot be used \(ENOTDIR: not a directory\)/),
  ...place("a device", "/dev/null", /\/dev\/null[^ ]* cannot be used \(ENOTDIR/),
  ...place("below a circle of links", join(folder, "circle", "x"), /cannot be used \(ELOOP/),
  ...place("a name of 300 letters", join(folder, name255), /cannot be used \(ENAMETOOLONG/),
  ...(process.platform === "linux"
    ? place("the system's own folder", "/proc/x", /\/proc\/x[^ ]* cannot be used \(ENOENT/)
    : []),
  ["a report over something else", ["report", released, "--out", join(folder, "other")], /other holds something else/],
  [
    "a report over another page",
    ["report", released, "--out", join(folder, "foreign")],
    /foreign holds something else/,
  ],
  ["a report of nothing", ["report", join(folder, "nowhere")], /nowhere holds none; run npm start/],
  ["a report of a file", ["report", file], /a-file cannot be used \(ENOTDIR/],
  ["a report of a damaged study", ["report", join(folder, "empty-study")], /manifest\.json is not what was written/],
  ["a report of control characters", ["report", hostile], /\\u001b\[2J\\u0007\\u202eevil\\u009b31m holds none/],
  ["a report of 5,000 letters", ["report", long], /x{40,}… (holds none|cannot be used)/],
]);
