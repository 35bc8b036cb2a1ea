/**
 * Loaded into a background process before its own code: when the process that started it is gone,
 * however it ended, this one ends too.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
