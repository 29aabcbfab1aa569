// The same rules and facts in json-rules-engine: hits, and seconds for a quarter and for all of the facts.
//   node jsonrulesengine.mjs FOLDER    with node_modules, rules.json and facts.json in FOLDER
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const { Engine } = createRequire(join(folder, 'here.js'))('json-rules-engine');
const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const engine = new Engine();
for (const all of read('rules.json'))
    engine.addRule({ conditions: { all }, event: { type: 'hit' } });
const facts = read('facts.json');

async function pass(count) {
    let hits = 0;
    const begun = process.hrtime.bigint();
    for (let i = 0; i < count; ++i)
        hits += (await engine.run(facts[i])).events.length;
    return { hits, seconds: Number(process.hrtime.bigint() - begun) / 1e9 };
}

await pass(Math.min(1000, facts.length)); // warm
const quarter = await pass(Math.floor(facts.length / 4));
const whole = await pass(facts.length);
console.log(`${whole.hits} ${quarter.seconds} ${whole.seconds}`);
