// Loaded before a program that starts a Redis of its own (`node --import`): where the machine has none, provides one, as for the tests.
import provideRedis from './provide-redis.mjs';

await provideRedis();
