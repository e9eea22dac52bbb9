// A parent that was killed cannot end us: we notice that we have another one, and end as if our terminal were closed.
const { ATTENTION_PARENT: parent = process.ppid } = process.env;
delete process.env.ATTENTION_PARENT;
const watch = setInterval(() => {
  if (process.ppid === Number(parent)) return;
  clearInterval(watch);
  process.kill(process.pid, "SIGHUP");
}, 1000).unref();
