// Run in a process of its own: configurations one after the other, and after each what the process holds.
import { tf } from "../../../src/backend/tensorflow";
import { makeStudy } from "../../../src/study/makeStudy";

async function main([out, count]: string[]): Promise<void> {
  for (let seed = 0; seed < Number(count); seed++) {
    const options = { seed, limit: 300 };
    await makeStudy({ corpus: "reviews", profile: "quick", options, analysis: { testLimit: 40 }, out: out! });
    global.gc!();
    const megabytes = process.memoryUsage().rss / 2 ** 20;
    const handles = process.getActiveResourcesInfo().length;
    console.log(JSON.stringify({ megabytes: Math.round(megabytes), handles, tensors: tf.memory().numTensors }));
  }
}

main(process.argv.slice(2));
