// Checks the licences of everything that is installed with the product: permissive ones only. Use: npm run licences
import { readFileSync } from 'node:fs';

const ALLOWED = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
]);

/** Whether one of the licences of an SPDX expression such as "(MIT OR CC0-1.0)", or all joined by AND, are allowed. */
function isAllowed(expression) {
  return expression
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((licence) => ALLOWED.has(licence.trim())));
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const shipped = Object.entries(packages).filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional);
const problems = [];
let checked = 0;
for (const [path, { optional }] of shipped) {
  let manifest;
  try {
    manifest = JSON.parse(readFileSync(`${path}/package.json`, 'utf8'));
  } catch {
    if (!optional) problems.push(`${path} is not installed: npm ci`);
    continue;
  }
  checked += 1;
  if (!isAllowed(String(manifest.license ?? 'none'))) problems.push(`${path}: ${manifest.license ?? 'no licence'}`);
}
for (const problem of problems) console.error(problem);
console.log(`${checked} packages, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
