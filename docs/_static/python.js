// The one way from a page to Python: made at the first call and never before.

const base = new URL(document.documentElement.dataset.content_root ?? "./", location.href).href;
let worker = null;
let calls = 0;
const waiting = new Map();

function start() {
  worker = new Worker(`${base}_static/python-worker.js`, { type: "module" });
  worker.onmessage = ({ data: { id, answer, error } }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) resolve(answer);
    else reject(new Error(error));
  };
}

export function python(call, ...given) {
  if (worker === null) start();
  const id = (calls += 1);
  worker.postMessage({ id, base, call, given });
  return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}

export function stop() {
  worker?.terminate();
  worker = null;
  for (const { reject } of waiting.values()) reject(new Error("Stopped."));
  waiting.clear();
}
