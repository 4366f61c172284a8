// Makes d3.js and LICENSES.txt of the packages that package-lock.json pins by
// version and hash. The same lock gives the same bytes:
//
//     npm ci --ignore-scripts && npm run bundle
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";

const PARTS = `
export { scaleBand, scaleLinear } from "d3-scale";
export { linkHorizontal } from "d3-shape";
`;

const result = await build({
  stdin: { contents: PARTS, resolveDir: import.meta.dirname },
  bundle: true,
  format: "iife",
  globalName: "d3",
  minify: true,
  legalComments: "none",
  metafile: true,
  target: "es2022",
  write: false,
});

const packages = Object.keys(result.metafile.inputs)
  .map((input) => /node_modules\/([^/]+)\//.exec(input)?.[1])
  .filter((name) => name !== undefined);

const licences = [];
for (const name of [...new Set(packages)].sort()) {
  const folder = new URL(`node_modules/${name}/`, import.meta.url);
  const about = JSON.parse(await readFile(new URL("package.json", folder)));
  const text = await readFile(new URL("LICENSE", folder), "utf8");
  licences.push(`${name} ${about.version} (${about.license})\n\n${text.trim()}`);
}
const notice = licences.join(`\n\n${"-".repeat(72)}\n\n`);

const here = (name) => new URL(name, import.meta.url);
await writeFile(here("LICENSES.txt"), `${notice}\n`);
await writeFile(
  here("d3.js"),
  `/*!\n${notice}\n*/\n${result.outputFiles[0].text}`,
);

const sums = [];
for (const name of ["LICENSES.txt", "d3.js"]) {
  const hash = createHash("sha256").update(await readFile(here(name)));
  sums.push(`${hash.digest("hex")}  ${name}\n`);
}
await writeFile(here("SHA256SUMS"), sums.join(""));
