const { createHash } = require("node:crypto");

/** @param {string | Uint8Array} content */
exports.sha256 = (content) => createHash("sha256").update(content).digest("hex");
