import { scrub } from '../config/secrets.ts'
import type { AppFiles } from './app-files.ts'
import type { Site } from './build-site.ts'

/** A file of the site: its path in the folder, and its text. */
export type SiteFile = readonly [path: string, text: string]

/**
 * The site as files, the page itself last. Data are scripts that hand a value over, because a page that was opened from a
 * disk may load scripts, and nothing else.
 */
export function siteFiles(site: Site, app: AppFiles, secrets: readonly string[]): readonly SiteFile[] {
  const data: [name: string, value: unknown][] = [
    ['index', site.index],
    ['search', site.search],
    ['findings', site.findings],
    ...(site.lineage ? [['lineage', site.lineage] satisfies [string, unknown]] : []),
    ...site.chunks.map((chunk, number): [string, unknown] => [`nodes/${number}`, chunk]),
    ...[...site.runs].map(([id, run]): [string, unknown] => [`runs/${id}`, run]),
  ]
  return [
    ['app.js', app.script],
    ['app.css', app.style],
    ...data.map(([name, value]): SiteFile => [`data/${name}.js`, dataScript(name, value, secrets)]),
    ['index.html', page(site)],
  ]
}

/** `lavra("nodes/3", …)`: hands a value over under its name. */
function dataScript(name: string, value: unknown, secrets: readonly string[]): string {
  return scriptOf(name, JSON.stringify(value, secrets.length === 0 ? undefined : scrubber(secrets)))
}

/** The same of a value that is JSON already. Throws for what is none. */
export function scriptOfJson(name: string, json: string, secrets: readonly string[]): string {
  return secrets.length === 0 ? scriptOf(name, json.trim()) : dataScript(name, JSON.parse(json), secrets)
}

function scrubber(secrets: readonly string[]): (key: string, part: unknown) => unknown {
  return (_, part) => (typeof part === 'string' ? scrub(part, secrets) : part)
}

/** What a browser could take for markup or for the end of a line is written as escapes. */
function scriptOf(name: string, json: string): string {
  return `lavra(${JSON.stringify(name)},${json.replace(/[<\u2028\u2029]/g, escaped)})\n`
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** The time of making stands behind every address, so that no browser shows old data in a new page. */
function page({ index }: Site): string {
  const name = escapeHtml(index.project.name)
  const stamp = Date.parse(index.generatedAt).toString(36)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Lavra ${escapeHtml(index.lavraVersion)}">
<title>${name}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="app.css?${stamp}">
</head>
<body>
<div id="app"></div>
<noscript>This page needs JavaScript. It loads nothing from elsewhere.</noscript>
<script src="app.js?${stamp}" data-stamp="${stamp}"></script>
</body>
</html>
`
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
