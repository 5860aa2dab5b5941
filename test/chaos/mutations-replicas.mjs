/**
 * What keeps the numbers exact when a replica of Redis takes over.
 *
 * @type {readonly { name: string, file: string, find: string, replace: string, specs: string[] }[]}
 */
export const REPLICA_MUTATIONS = [
  {
    name: 'replicas: the fence holds on one that was promoted without the newest commits',
    file: 'libs/state/src/commit-script.ts',
    find: 'math.max(expected + 1, tonumber(time[1]) * 1000000 + tonumber(time[2]))',
    replace: 'expected + 1',
    specs: ['libs/state/src/redis-state-store'],
  },
  {
    name: 'replicas: as many as are wanted must have it',
    file: 'libs/redis/src/replicas.ts',
    find: 'if (had < count) throw',
    replace: 'if (had < 0) throw',
    specs: ['libs/redis/src/replicas.spec'],
  },
  {
    name: 'replicas: they are asked on the socket that wrote',
    file: 'libs/redis/src/replicas.ts',
    find: 'if (server !== before.server || socket !== before.socket) {',
    replace: 'if (server !== before.server) {',
    specs: ['libs/redis/src/replicas.spec'],
  },
];
