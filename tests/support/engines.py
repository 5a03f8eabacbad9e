"""The real engines that publish Markdown: each takes a post and answers the page."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from support.formulas import BRACKETS
from support.tools import find_module, find_tool, node_packages

RAW_DOLLARS = {
    "markup": {
        "goldmark": {
            "extensions": {
                "passthrough": {"enable": True, "delimiters": {"block": [["$$", "$$"]], "inline": [["$", "$"]]}}
            }
        }
    }
}
MKDOCS = """\
site_name: test
theme: {name: material, font: false}
markdown_extensions: [{pymdownx.arithmatex: {generic: true}}, attr_list, footnotes, tables, pymdownx.superfences]
plugins: []
"""
SPHINX = """\
extensions = ["myst_parser"]
myst_enable_extensions = ["dollarmath"]
html_theme = "basic"
project = "test"
"""
JEKYLL = "markdown: kramdown\npermalink: /post.html\nfuture: true\n"
HEXO = """\
title: test
permalink: post/
theme: false
"""


class Engine(Protocol):
    """Makes a page of a post, in a folder of its own."""

    def __call__(self, post: str, folder: Path) -> str: ...


def run(*command: str | Path, folder: Path, **environment: str) -> None:
    """Run an engine; what it says is shown if it fails."""
    result = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", **environment},
        capture_output=True,
        text=True,
        errors="replace",
        timeout=300,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]


def put(folder: Path, **files: str) -> None:
    """Write files; ``__`` in a name stands for a slash, ``_dot_`` for a dot."""
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def commonmark(post: str, folder: Path) -> str:
    """An engine that knows nothing of mathematics."""
    from markdown_it import MarkdownIt

    return str(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(post))


def markdown_it(post: str, folder: Path) -> str:
    """What editors' previews are built on, with its plugin for dollar signs."""
    find_module("mdit_py_plugins", "mdit-py-plugins")
    from markdown_it import MarkdownIt
    from markdown_it.common.utils import escapeHtml
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    def show(content: str, options: dict[str, bool]) -> str:
        marks = "$$" if options["display_mode"] else "$"
        return f"{marks}{escapeHtml(content)}{marks}"

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(dollarmath_plugin, renderer=show)
    return str(parser.render(post))


def pandoc(post: str, folder: Path) -> str:
    find_module("pypandoc", "pypandoc-binary")
    import pypandoc

    return str(pypandoc.convert_text(post, "html", format="markdown", extra_args=["--mathjax"]))


def nbconvert(post: str, folder: Path) -> str:
    find_module("nbconvert", "nbconvert")
    import nbformat
    from nbconvert import HTMLExporter

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(post)])
    return str(HTMLExporter(template_name="basic").from_notebook_node(notebook)[0])


def hugo(configuration: dict[str, object]) -> Engine:
    def publish(post: str, folder: Path) -> str:
        program = find_tool("hugo")
        kinds = ["taxonomy", "term", "rss", "sitemap", "section", "404"]
        settings = {"baseURL": "https://example.org/", "disableKinds": kinds, "buildFuture": True, **configuration}
        layouts = {"layouts__single_dot_html": "{{ .Content }}", "layouts__home_dot_html": "home"}
        put(folder, hugo_dot_json=json.dumps(settings), content__post_dot_md=post, **layouts)
        run(program, "--quiet", folder=folder)
        return (folder / "public" / "post" / "index.html").read_text(encoding="utf-8")

    return publish


def jekyll(post: str, folder: Path) -> str:
    program = find_tool("jekyll")
    put(folder, _config_dot_yml=JEKYLL, _layouts__post_dot_html="{{ content }}")
    put(folder / "_posts", **{"2026-01-02-post.en.md": post})
    run(program, "build", "--quiet", folder=folder)
    return (folder / "_site" / "post.html").read_text(encoding="utf-8")


def mkdocs(post: str, folder: Path) -> str:
    program = find_tool("mkdocs")
    put(folder, mkdocs_dot_yml=MKDOCS, docs__index_dot_md=post)
    run(program, "build", "--quiet", folder=folder)
    page = (folder / "site" / "index.html").read_text(encoding="utf-8")
    return page[page.index("<article") : page.index("</article>")]


def sphinx(post: str, folder: Path) -> str:
    program = find_tool("sphinx-build")
    put(folder, conf_dot_py=SPHINX, index_dot_md=post)
    run(program, "-q", "-W", "--keep-going", "-b", "html", ".", "out", folder=folder)
    page = (folder / "out" / "index.html").read_text(encoding="utf-8")
    return page[page.index('<div class="body"') : page.index('<div class="clearer"')]


def hexo(post: str, folder: Path) -> str:
    """Hexo's own way of a post: front matter, template tags, then the renderer marked."""
    modules = node_packages("hexo", "hexo-renderer-marked")
    (folder / "node_modules").symlink_to(modules / "node_modules")
    package = {"name": "test", "hexo": {"version": "8"}, "dependencies": {"hexo": "*", "hexo-renderer-marked": "*"}}
    put(folder, _config_dot_yml=HEXO, package_dot_json=json.dumps(package), publish_dot_cjs=HEXO_SCRIPT)
    put(folder / "source" / "_posts", post_dot_md=post)
    run(find_tool("node"), "publish.cjs", folder=folder)
    return (folder / "page.html").read_text(encoding="utf-8")


HEXO_SCRIPT = """\
const fs = require("fs");
const Hexo = require("hexo");
(async () => {
  const hexo = new Hexo(__dirname, {silent: true});
  await hexo.init();
  await hexo.load();
  fs.writeFileSync("page.html", hexo.locals.get("posts").first().content);
  await hexo.exit();
})().catch(error => { console.error(error); process.exit(1); });
"""

REMARK_SCRIPT = """\
import fs from "node:fs";
import {unified} from "unified";
import remarkParse from "remark-parse";
import remarkFrontmatter from "remark-frontmatter";
import remarkMdx from "remark-mdx";
import remarkGfm from "remark-gfm";
import remarkMath from "remark-math";
import remarkRehype from "remark-rehype";
import rehypeStringify from "rehype-stringify";
// the formula as it leaves the parser, which is what Docusaurus hands to KaTeX
const shown = (marks, node) => ({type: "text", value: marks + node.value + marks});
const page = await unified()
  .use(remarkParse).use(remarkFrontmatter).use(remarkMdx).use(remarkGfm).use(remarkMath)
  .use(remarkRehype, {handlers: {inlineMath: (s, n) => shown("$", n), math: (s, n) => shown("$$", n)}})
  .use(rehypeStringify).process(fs.readFileSync("post.md", "utf8"));
fs.writeFileSync("page.html", String(page));
"""
REMARK = ("remark-frontmatter", "remark-gfm", "remark-math", "remark-mdx", "remark-parse", "remark-rehype")


def docusaurus(post: str, folder: Path) -> str:
    """The parsers of Docusaurus 3, without the site around them."""
    modules = node_packages("rehype-stringify", "unified", *REMARK)
    (folder / "node_modules").symlink_to(modules / "node_modules")
    put(folder, post_dot_md=post, publish_dot_mjs=REMARK_SCRIPT)
    run(find_tool("node"), "publish.mjs", folder=folder)
    return (folder / "page.html").read_text(encoding="utf-8")


ENGINES: dict[str, tuple[str, Callable[[str, Path], str]]] = {
    # what the test is called -> the flavour, the engine
    "plain: CommonMark": ("plain", commonmark),
    "markdown: markdown-it": ("markdown", markdown_it),
    "pandoc": ("pandoc", pandoc),
    "quarto: pandoc": ("quarto", pandoc),
    "jupyter: nbconvert": ("jupyter", nbconvert),
    "hugo: passthrough": ("hugo", hugo(RAW_DOLLARS)),
    "hugo: as it comes": ("hugo", hugo({})),
    "jekyll: kramdown": ("jekyll", jekyll),
    "mkdocs: Material": ("mkdocs-material", mkdocs),
    "myst: Sphinx": ("myst", sphinx),
    "hexo: marked": ("hexo", hexo),
    "docusaurus: remark": ("docusaurus", docusaurus),
}

MARKS = {
    "jekyll: kramdown": BRACKETS,
    "mkdocs: Material": BRACKETS,
    "myst: Sphinx": BRACKETS,
    "pandoc": BRACKETS,
    "quarto: pandoc": BRACKETS,
}
"""the engines that turn dollar signs into brackets"""
