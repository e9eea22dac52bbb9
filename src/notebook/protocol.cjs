// What tslab leaves out of Jupyter's protocol: the number of a cell when it starts, an error as an output of its own, a
// front end that wants the cells after an error to run, and values that say themselves how they are displayed.
const { format } = require("node:util");

/** Puts it in; to be called before tslab is loaded, and after kernelPatches.cjs. */
exports.install = function install() {
  const jupyter = require("tslab/dist/jupyter.js");
  const executor = require("tslab/dist/executor.js");
  const { createExecutor } = executor;
  let errors = [];
  // tslab sets it anew for each cell.
  globalThis.writeOutput = (content, update) => jupyter.lastWriteDisplayData(content, update);
  executor.createExecutor = (folder, converters, output) =>
    createExecutor(folder, converters, {
      ...output,
      error: (...parts) => {
        const text = format(...parts);
        errors.push({ ename: parts[0]?.name ?? "Error", evalue: parts[0]?.message ?? text, text });
      },
      log: (value) => {
        const data = value?.[Symbol.for("Jupyter.display")]?.();
        if (data === undefined) output.log(value);
        else globalThis.writeOutput({ data, metadata: {}, transient: {} }, false);
      },
    });

  const server = jupyter.ZmqServer.prototype;
  const { handleExecute } = server;
  server.handleExecute = function (socket, message) {
    message.content.publish = (type, content) => {
      const reply = message.createReply();
      reply.header.msg_type = type;
      reply.content = content;
      reply.signAndSend(this.connInfo.key, this.iopub);
    };
    return handleExecute.call(this, socket, message);
  };

  const handler = jupyter.JupyterHandlerImpl.prototype;
  const { handleExecute: reply, handleExecuteImpl, handleShutdown } = handler;
  handler.handleShutdown = function (request) {
    // The browser that draws figures would keep the kernel alive; it ends with it.
    setTimeout(() => process.exit(0), 200).unref();
    return handleShutdown.call(this, request);
  };
  handler.handleExecuteImpl = async function (request, ...writers) {
    request.publish("execute_input", { code: request.code, execution_count: this.execCount + 1 });
    errors = [];
    try {
      return await handleExecuteImpl.call(this, request, ...writers);
    } catch (count) {
      const { ename, evalue } = errors[0];
      request.failure = { ename, evalue, traceback: errors.map(({ text }) => text) };
      request.publish("error", request.failure);
      throw count;
    }
  };
  handler.handleExecute = async function (request, ...writers) {
    if (request.stop_on_error !== false)
      return { ...(await reply.call(this, request, ...writers)), ...request.failure };
    // tslab cancels what comes within 200 ms after a task of its queue that fails.
    return this.execQueue.add(() =>
      this.handleExecuteImpl(request, ...writers).then(
        ({ count }) => ({ status: "ok", execution_count: count }),
        ({ count }) => ({ status: "error", execution_count: count, ...request.failure }),
      ),
    );
  };
};
