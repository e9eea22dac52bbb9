// A parent that was killed cannot end us: we notice that we have another one, and end as if our terminal were closed.
const parent = process.ppid;
const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  process.kill(process.pid, "SIGHUP");
}, 1000).unref();
