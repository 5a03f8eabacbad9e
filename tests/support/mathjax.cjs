// Sets formulas with MathJax: a list of ["inline" or "display", TeX] in; out, for each, what is seen (its size and its glyphs
// in order, whatever groups they stand in) or "error: ...".
const {mathjax} = require("mathjax-full/js/mathjax.js");
const {TeX} = require("mathjax-full/js/input/tex.js");
const {SVG} = require("mathjax-full/js/output/svg.js");
const {liteAdaptor} = require("mathjax-full/js/adaptors/liteAdaptor.js");
const {RegisterHTMLHandler} = require("mathjax-full/js/handlers/html.js");
require("mathjax-full/js/input/tex/AllPackages.js");

const adaptor = liteAdaptor();
RegisterHTMLHandler(adaptor);
const refuse = (jax, error) => { throw error; };
const page = mathjax.document("", {
  InputJax: new TeX({packages: ["base", "ams", "boldsymbol"], formatError: refuse}),
  OutputJax: new SVG({fontCache: "none"}),
});

function typeset([kind, tex]) {
  try {
    const picture = adaptor.outerHTML(page.convert(tex, {display: kind === "display"}));
    return picture.match(/ (viewBox|d)="[^"]*"|<text[^>]*>[^<]*/g).join("");
  } catch (error) {
    return "error: " + error.message;
  }
}

const formulas = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(formulas.map(typeset)));
