// Sets formulas as strictly as KaTeX can: a list of ["inline" or "display", TeX] in, a list of HTML or
// "error: ..." out.
const katex = require("katex");

const options = {throwOnError: true, strict: "error", output: "html"};

function typeset([kind, tex]) {
  try {
    return katex.renderToString(tex, {...options, displayMode: kind === "display"});
  } catch (error) {
    return "error: " + error.message;
  }
}

const formulas = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(formulas.map(typeset)));
