// Measures whether the check of a signature takes another time depending on where the signature differs. Not a test: a
// busy machine says anything. Use: npm run build && npm run measure:timing
import { Buffer } from 'node:buffer';
import { createHmac, randomInt } from 'node:crypto';

const { signatureMatch } = await import('../../dist/apps/ingestion/src/sources/authenticate.js');

const ROUNDS = 60_000;
const KEY = 'a-key-for-measuring';
const body = Buffer.alloc(600, 'x');
const digest = createHmac('sha256', KEY).update(body).digest('hex');
const match = signatureMatch({ algorithm: 'sha256', encoding: 'hex', header: 'sig', clientId: undefined }, KEY);
const differing = (place) => digest.slice(0, place) + (digest[place] === '0' ? '1' : '0') + digest.slice(place + 1);
const classes = [
  { name: 'at the first character', sig: differing(0), times: [] },
  { name: 'in the middle', sig: differing(32), times: [] },
  { name: 'at the last character', sig: differing(63), times: [] },
];

for (let round = 0; round < 5_000; round += 1) match({ sig: classes[round % 3].sig }, body);
for (let round = 0; round < ROUNDS; round += 1) {
  const one = classes[randomInt(classes.length)];
  const from = process.hrtime.bigint();
  match({ sig: one.sig }, body);
  one.times.push(Number(process.hrtime.bigint() - from));
}

/** What a preempted process has measured says nothing: the slowest tenth is left out. */
function kept(times) {
  return times.toSorted((a, b) => a - b).slice(0, Math.floor(times.length * 0.9));
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values) => {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
};
const welch = (a, b) => (mean(a) - mean(b)) / Math.sqrt(variance(a) / a.length + variance(b) / b.length);

const [first, ...others] = classes.map(({ name, times }) => ({ name, times: kept(times) }));
console.log(`differs ${first.name}: mean ${mean(first.times).toFixed(0)} ns of ${first.times.length}`);
for (const { name, times } of others) {
  const t = welch(first.times, times);
  console.log(
    `differs ${name}: mean ${mean(times).toFixed(0)} ns of ${times.length}, t against the first ${t.toFixed(2)}`,
  );
}
console.log('|t| below 4.5 is no evidence of a difference.');
