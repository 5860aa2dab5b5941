/**
 * Connections to Redis: to one server, to the master that Sentinels name, or to a Redis Cluster, as `REDIS_URL` says. What
 * differs between them is known here alone; keys and what they mean are not.
 */
export { isReady, masters, onOtherServer, type RedisClient, redisTime, whenReady } from './client.js';
export { impatientConnection, patientConnection } from './connection.js';
export { Replicas, replicasOf } from './replicas.js';
export { connectAtStart, withConnection } from './start.js';
