// Puts back the lock entries of optional packages for other platforms, which npm drops where the package source offers
// only this platform's, and without which `npm ci` fails elsewhere. Removes addresses: the lock names no host.
// Use: npm run lock:portable
import { readFileSync, writeFileSync } from 'node:fs';

const file = 'package-lock.json';
const lock = JSON.parse(readFileSync(file, 'utf8'));
const packages = lock.packages;
const OS = /\b(darwin|linux|win32|freebsd|android|openharmony|sunos|openbsd|netbsd|aix)\b/;
const CPU = /\b(arm64|x64|ia32|arm|ppc64|s390x|riscv64|loong64|wasm32|mips64el)\b/;

function find(from, name) {
  for (let path = from; ;) {
    const key = (path ? path + '/' : '') + 'node_modules/' + name;
    if (packages[key]) return key;
    if (!path) return null;
    const cut = path.lastIndexOf('node_modules/');
    path = cut <= 0 ? '' : path.slice(0, cut - 1);
  }
}

for (const [key, entry] of Object.entries(packages)) {
  delete entry.resolved;
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const os = OS.exec(name)?.[1];
    const cpu = CPU.exec(name)?.[1];
    if (find(key, name) || !/^\d+\.\d+\.\d+\S*$/.test(version) || !os || !cpu) continue;
    packages['node_modules/' + name] = {
      version,
      cpu: [cpu],
      ...(entry.dev ? { dev: true } : {}),
      optional: true,
      os: [os],
    };
  }
}
const order = ([a], [b]) => (a === '' ? -1 : b === '' ? 1 : a.localeCompare(b, 'en'));
lock.packages = Object.fromEntries(Object.entries(packages).sort(order));
writeFileSync(file, JSON.stringify(lock, null, 2) + '\n');
