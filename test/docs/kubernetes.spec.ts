import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
  readonly periodSeconds: number;
  readonly failureThreshold: number;
}

interface Container {
  readonly name: string;
  readonly command: readonly string[];
  readonly ports: readonly { readonly containerPort: number }[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly securityContext: object;
  readonly volumeMounts: readonly { readonly name: string; readonly readOnly: boolean }[];
}

interface Pod {
  readonly terminationGracePeriodSeconds: number;
  readonly securityContext: object;
  readonly containers: readonly [Container];
  readonly volumes: readonly { readonly name: string }[];
}

interface Part {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly template: { readonly metadata: { readonly labels: object }; readonly spec: Pod };
    readonly selector: { readonly matchLabels: object } & Record<string, unknown>;
    readonly ports: readonly { readonly port: number }[];
  };
}

const manifest = /^```yaml\n(.*?)^```$/ms.exec(read('docs/kubernetes.md'))?.[1] ?? '';
const documents = parseAllDocuments(manifest);
const parts = documents.map((document) => document.toJS() as Part);
const deployments = parts.filter(({ kind }) => kind === 'Deployment').map(({ spec }) => spec);
const pods = deployments.map(({ template }) => template.spec);
const settings = new Map(
  [...read('config/settings.md').matchAll(/^- `(\w+)`(?: \(`([^`]*)`\))?/gm)].map(([, name, value]) => [name, value]),
);

describe('docs/kubernetes.md', () => {
  it('is YAML of two deployments, and a service for each', () => {
    expect('errors' in documents ? [] : documents.flatMap(({ errors }) => errors)).toEqual([]);
    expect(parts.map(({ kind, metadata }) => [kind, metadata.name])).toEqual([
      ['Deployment', 'livemeter-ingestion'],
      ['Deployment', 'livemeter-metrics'],
      ['Service', 'livemeter-ingestion'],
      ['Service', 'livemeter-metrics'],
    ]);
    for (const { selector, template } of deployments) expect(selector.matchLabels).toEqual(template.metadata.labels);
    const services = parts.filter(({ kind }) => kind === 'Service').map(({ spec }) => spec);
    expect(services.map(({ selector }) => selector)).toEqual(deployments.map(({ selector }) => selector.matchLabels));
    expect(services.map(({ ports }) => ports[0]?.port)).toEqual(
      pods.map(({ containers }) => containers[0].ports[0]?.containerPort),
    );
  });

  it.each(pods.map((pod) => [pod.containers[0].name, pod] as const))(
    '%s: runs what there is, as it is set',
    (name, pod) => {
      const [{ command, ports, env, readinessProbe, livenessProbe, securityContext, volumeMounts }] = pod.containers;
      expect(existsSync(join(ROOT, (command[1] ?? '').replace(/^dist\/(.*)\.js$/, '$1.ts')))).toBe(true);
      expect(String(ports[0]?.containerPort)).toBe(settings.get(`${name.toUpperCase()}_PORT`));
      expect(env.filter((one) => !settings.has(one.name))).toEqual([]);
      expect([livenessProbe.httpGet.path, readinessProbe.httpGet.path]).toEqual(['/healthz', '/readyz']);
      const drainMs = Number(env.find((one) => one.name === 'LIVEMETER_DRAIN_MS')?.value);
      expect(drainMs).toBeGreaterThan(readinessProbe.periodSeconds * readinessProbe.failureThreshold * 1000);
      expect(pod.terminationGracePeriodSeconds * 1000).toBeGreaterThan(2 * drainMs);
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true });
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(volumeMounts.map((mount) => mount.name)).toEqual(pod.volumes.map((volume) => volume.name));
      expect(volumeMounts.every(({ readOnly }) => readOnly)).toBe(true);
    },
  );
});
