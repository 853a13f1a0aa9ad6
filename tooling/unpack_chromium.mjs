// Unpacks the browser for the tests into .cache/chromium/: `node tooling/unpack_chromium.mjs`.
//
// The npm package brings Chromium, the shared libraries that it needs and fonts, all compressed; its own loader
// unpacks them into the machine's temp folder and means them for another system, so only its unpacking is used.
// The script `chromium` beside them starts the browser with those libraries and fonts: nothing has to be
// installed on the machine, and pages look the same on all of them.

import { mkdir, rename, rm, writeFile } from "node:fs/promises"
import path from "node:path"
import { fileURLToPath } from "node:url"

import { inflate } from "@sparticuz/chromium"

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const PACKED = path.join(ROOT, "node_modules", "@sparticuz", "chromium", "bin")
const UNPACKED = path.join(ROOT, ".cache", "chromium")
const START = `#!/bin/sh
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
export FONTCONFIG_FILE="$here/fonts.conf"
export XDG_CACHE_HOME="$here/cache"
export LD_LIBRARY_PATH="$here/al2023/lib"
exec "$here/headless-shell" "$@"
`

const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`

const fresh = `${UNPACKED}.${process.pid}`
await mkdir(fresh, { recursive: true })
process.env.TMPDIR = fresh // where the package unpacks to
const [binary] = await Promise.all(
  ["chromium.br", "al2023.tar.br", "fonts.tar.br"].map((name) => inflate(path.join(PACKED, name))),
)
await rename(binary, path.join(fresh, "headless-shell"))
await writeFile(path.join(fresh, "chromium"), START, { mode: 0o755 })
await writeFile(path.join(fresh, "fonts.conf"), FONTS)
await writeFile(path.join(fresh, ".unpacked"), "")
await rm(UNPACKED, { recursive: true, force: true })
await rename(fresh, UNPACKED)
