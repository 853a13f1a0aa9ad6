// Builds static/built/ from static/src/ and static/images/: `node tooling/build_assets.mjs`.
//
// Each file gets a part of its own hash in its name, so that it can be cached for ever; manifest.json tells the
// portal the name to use. Beside each text file lie a Brotli and a gzip copy where they are smaller.
// The build refuses a stylesheet that would make a visitor's browser ask another site for anything.

import { createHash } from "node:crypto"
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { brotliCompressSync, constants, gzipSync } from "node:zlib"

import * as esbuild from "esbuild"
import * as sass from "sass"

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const SOURCE = path.join(ROOT, "static", "src")
const IMAGES = path.join(ROOT, "static", "images")
const BUILT = path.join(ROOT, "static", "built")
const TEXT = new Set([".css", ".js", ".svg", ".txt", ".json", ".webmanifest"])
// What the minifier may assume: browsers of 2020. Older ones get the pages without script, and plainer styling.
const STYLE_FOR = ["chrome80", "edge80", "firefox75", "safari13.1"]
const SCRIPT_FOR = "es2020"

const built = new Map() // name in the folder -> contents
const manifest = {} // name in the templates -> name in the folder

function add(name, contents) {
  const { dir, name: stem, ext } = path.posix.parse(name)
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 10)
  manifest[name] = path.posix.join(dir, `${stem}.${hash}${ext}`)
  built.set(manifest[name], contents)
}

async function addImages() {
  const entries = await readdir(IMAGES, { recursive: true, withFileTypes: true }).catch((error) => {
    if (error.code === "ENOENT") return []
    throw error
  })
  for (const entry of entries) {
    if (!entry.isFile() || entry.name.startsWith(".")) continue
    const file = path.join(entry.parentPath, entry.name)
    const name = path.relative(path.dirname(IMAGES), file).split(path.sep).join("/")
    add(name, await readFile(file))
  }
}

function withBuiltUrls(css) {
  if (/@import/i.test(css)) throw new Error("portal.scss: the built stylesheet may not @import another one")
  return css.replaceAll(/url\(\s*(["']?)(.*?)\1\s*\)/gi, (_match, _quote, url) => {
    if (!Object.hasOwn(manifest, url)) {
      throw new Error(`portal.scss: url(${url}) is not a file of static/; only "images/NAME" may be used`)
    }
    return `url("${manifest[url]}")`
  })
}

async function addStylesheet() {
  const { css } = await sass.compileAsync(path.join(SOURCE, "portal.scss"), {
    loadPaths: [path.join(ROOT, "node_modules")],
    style: "compressed",
    quietDeps: true,
  })
  const { code } = await esbuild.transform(withBuiltUrls(css), {
    loader: "css",
    minify: true,
    target: STYLE_FOR,
    legalComments: "none",
  })
  add("portal.css", Buffer.from(code))
}

async function addScript() {
  const { outputFiles } = await esbuild.build({
    entryPoints: [path.join(SOURCE, "portal.js")],
    bundle: true,
    format: "esm",
    minify: true,
    target: SCRIPT_FOR,
    legalComments: "none",
    write: false,
  })
  add("portal.js", Buffer.from(outputFiles[0].contents))
}

function compressed(contents) {
  return {
    br: brotliCompressSync(contents, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: contents.length,
      },
    }),
    gz: gzipSync(contents, { level: 9 }),
  }
}

async function write() {
  // Built beside and then moved, so that a portal that is running never meets half a folder.
  const fresh = `${BUILT}.${process.pid}`
  for (const [name, contents] of built) {
    const file = path.join(fresh, name)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, contents)
    if (!TEXT.has(path.extname(name))) continue
    for (const [extension, smaller] of Object.entries(compressed(contents))) {
      if (smaller.length < contents.length) await writeFile(`${file}.${extension}`, smaller)
    }
  }
  await writeFile(path.join(fresh, "manifest.json"), `${JSON.stringify(manifest, Object.keys(manifest).sort(), 2)}\n`)
  await rm(BUILT, { recursive: true, force: true })
  await rename(fresh, BUILT)
}

try {
  await addImages()
  await Promise.all([addStylesheet(), addScript()])
  await write()
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
