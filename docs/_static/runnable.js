// Every example can be edited and run. Without this script, or without Python in this build, the page is simply the page.

const PROMPT = /^(>>> ?|\.\.\. ?)/;

function codeOf(block) {
  const lines = block.textContent.replace(/\n$/, "").split("\n");
  if (!lines.some((line) => line.startsWith(">>>"))) return lines.join("\n");
  return lines.filter((line) => PROMPT.test(line)).map((line) => line.replace(PROMPT, "")).join("\n");
}

function made(name, attributes, text) {
  const element = Object.assign(document.createElement(name), attributes);
  if (text !== undefined) element.textContent = text;
  return element;
}

function earlier(blocks, place) {
  return blocks.slice(0, place).map(({ editor, block }) => editor?.value ?? codeOf(block)).join("\n");
}

function attach(entry, place, blocks) {
  const { block } = entry;
  const bar = made("div", { className: "runnable" });
  const run = made("button", { type: "button" }, "Run");
  const edit = made("button", { type: "button" }, "Edit");
  const halt = made("button", { type: "button", hidden: true }, "Stop");
  const output = made("pre", { hidden: true, tabIndex: 0 });
  output.setAttribute("aria-live", "polite");
  output.setAttribute("role", "region");
  output.setAttribute("aria-label", "Output");
  edit.onclick = () => {
    if (entry.editor) return entry.editor.focus();
    const code = codeOf(block);
    entry.editor = made("textarea", { value: code, rows: code.split("\n").length + 1, spellcheck: false });
    entry.editor.setAttribute("aria-label", "Code");
    bar.before(entry.editor);
    entry.editor.focus();
  };
  run.onclick = async () => {
    const { python } = await import("./python.js");
    run.disabled = true;
    halt.hidden = false;
    output.hidden = false;
    output.textContent = "…";
    try {
      const code = entry.editor?.value ?? codeOf(block);
      const name = block.closest(".doctest") && block.closest("dl.py")?.querySelector("dt[id]")?.id;
      // What stands before it on the page is run first, in silence, as a reader would have; a docstring stands alone.
      if (!name) await python("run", earlier(blocks, place));
      output.textContent = (await (name ? python("run_as", name, code) : python("run", code))) || "(nothing printed)";
    } catch (error) {
      output.textContent = error.message;
    }
    run.disabled = false;
    halt.hidden = true;
  };
  halt.onclick = async () => (await import("./python.js")).stop();
  bar.append(run, edit, halt);
  block.closest("div[class*=highlight-]").after(bar);
  bar.after(output);
}

const found = document.querySelectorAll(".highlight-pycon pre, .doctest pre");
const blocks = [...found].map((block) => ({ block, editor: null }));
blocks.forEach((entry, place) => attach(entry, place, blocks));
