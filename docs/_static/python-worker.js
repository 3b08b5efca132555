// Python in a worker, so that the page stays responsive and an endless loop can be ended. Everything is served from the
// site itself: Pyodide, the wheels, the examples.

let ready = null;

async function load(base) {
  const { loadPyodide } = await import(`${base}offline/pyodide/pyodide.mjs`);
  const python = await loadPyodide({ indexURL: `${base}offline/pyodide/` });
  const files = await (await fetch(`${base}offline/files.json`)).json();
  const archives = await Promise.all(files.map(async (name) => (await fetch(`${base}offline/${name}`)).arrayBuffer()));
  archives.forEach((archive, place) => python.unpackArchive(archive, files[place].endsWith(".whl") ? "wheel" : "zip"));
  python.runPython(await (await fetch(`${base}_static/page.py`)).text());
  return python;
}

self.onmessage = async ({ data: { id, base, call, given } }) => {
  try {
    ready ??= load(base);
    const python = await ready;
    const answer = python.globals.get(call)(...given);
    self.postMessage({ id, answer });
  } catch (error) {
    self.postMessage({ id, error: String(error.message ?? error) });
  }
};
