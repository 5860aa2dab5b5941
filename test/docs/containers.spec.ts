import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '../..');

interface Service {
  readonly image?: string;
  readonly build?: { readonly dockerfile: string };
  readonly command?: string | readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
}

const compose = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, null>>;
};
const services = Object.entries(compose.services);
const dockerfile = readFileSync(join(ROOT, 'apps/Dockerfile'), 'utf8');

describe('docker-compose.yml', () => {
  it.each(services)('%s: its image is pinned, or built from our Dockerfile', (_, { image, build }) => {
    if (image === undefined) expect(build?.dockerfile).toBe('apps/Dockerfile');
    else expect(image).toMatch(/^[\w/]+:v?\d+\.\d+[\w.-]*$/);
  });

  it.each(services)('%s: what it mounts is in the repository, or a declared volume', (_, { volumes = [] }) => {
    const sources = volumes.map((volume) => volume.split(':')[0] ?? '');
    const missing = sources.filter(
      (source) => !(source.startsWith('./') ? existsSync(join(ROOT, source)) : source in compose.volumes),
    );
    expect(missing).toEqual([]);
  });

  it.each(services)('%s: publishes on loopback only', (_, { ports = [] }) => {
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it.each(services.filter(([name]) => name !== 'redis'))(
    '%s: writes nowhere and may do nothing special',
    (_, service) => {
      expect({ read_only: service.read_only, cap_drop: service.cap_drop }).toEqual({
        read_only: true,
        cap_drop: ['ALL'],
      });
    },
  );

  it('sets nothing but settings that exist', () => {
    const settings = readFileSync(join(ROOT, 'config/settings.md'), 'utf8');
    const known = new Set([...settings.matchAll(/^- `(\w+)`/gm)].map((match) => match[1]));
    const ours = services.filter(([, { build }]) => build !== undefined);
    const set = ours.flatMap(([, { environment = {} }]) => Object.keys(environment));
    expect(set.filter((name) => name !== 'LP_KEY' && !known.has(name))).toEqual([]);
  });

  it('starts programs that the image holds', () => {
    const programs = services.flatMap(([, { build, command }]) =>
      build !== undefined && typeof command === 'string' ? [command.split(' ')[1] ?? ''] : [],
    );
    const sources = programs.map((path) => path.replace(/^dist\/(.*)\.js$/, '$1.ts'));
    expect(programs).toHaveLength(4);
    expect(sources.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    expect(
      programs.filter(
        (path) => !dockerfile.includes(` /livemeter/${path.startsWith('dist/') ? 'dist' : 'apps/cli/bin'} `),
      ),
    ).toEqual([]);
  });
});

describe('apps/Dockerfile', () => {
  it('runs as a user without rights, from pinned images, without what only builds need', () => {
    expect(dockerfile.trimEnd().split('\n').at(-1)).toBe('USER node');
    expect([...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1])).toEqual(
      Array(2).fill('node:22-bookworm-slim'),
    );
    expect(dockerfile).toContain('npm prune --omit=dev');
  });
});
