// Loaded into each program that `start` runs, before it: when `start` is gone, however it went, so is the program.
const KILL_AFTER_MS = 10_000;

process.on('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), KILL_AFTER_MS).unref();
});
// Listening must not keep alive a program that has done its work.
process.channel?.unref();
