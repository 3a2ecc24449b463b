import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const SRC = join(dirname(fileURLToPath(import.meta.url)), '..')

/**
 * The house of the design: what stands in a later line may import what stands in an earlier one. Names in one list are
 * neighbours that do not know each other; a list inside the list is "later over earlier" at the same height.
 */
const LAYERS: readonly (readonly string[])[] = [
  ['text', 'util', 'version.ts'],
  ['diagnostics'],
  ['events', 'artifacts'],
  ['sql'],
  ['template'],
  ['config'],
  ['adapters'],
  ['context'],
  ['manifest'],
  ['graph'],
  ['compile'],
  ['materialization'],
  ['state'],
  ['shadow'],
  ['lineage'],
  ['check'],
  ['run'],
  ['publish'],
  ['report'],
  ['site'],
  ['commands'],
  ['cli.ts', 'index.ts'],
]

/** Neighbours of one height that must not know each other although they stand on different lines above. */
const STRANGERS: readonly (readonly [string, string])[] = [
  ['context', 'adapters'],
  ['manifest', 'adapters'],
  ['state', 'check'],
  ['materialization', 'compile'],
  ['template', 'sql'],
]

/** Type-only imports that go up: the words of the manifest are spoken by those who fill it. */
const SPOKEN_BELOW: readonly (readonly [string, string])[] = [
  ['context', 'manifest'],
  ['sql', 'manifest'],
  ['config', 'manifest'],
  ['materialization', 'compile'],
]

interface Import {
  readonly from: string
  readonly to: string
  readonly typeOnly: boolean
  readonly text: string
}

const height = new Map(LAYERS.flatMap((names, index) => names.map((name) => [name, index] as const)))
const imports = readImports()

test('imports go down the layers, never up or to a stranger', () => {
  const wrong = imports.filter(({ from, to, typeOnly }) => {
    if (from === to) return false
    if (typeOnly && includesPair(SPOKEN_BELOW, from, to)) return false
    const isUp = (height.get(to) ?? Number.NaN) > (height.get(from) ?? Number.NaN)
    return isUp || height.get(to) === height.get(from) || includesPair(STRANGERS, from, to)
  })
  expect(wrong.map(({ text }) => text)).toEqual([])
})

test('every folder of src has its height', () => {
  const places = new Set(imports.flatMap(({ from, to }) => [from, to]))
  expect([...places].filter((place) => !height.has(place))).toEqual([])
})

/** Where templates themselves go round: a text is formatted by attributes, which are methods of texts; tests ask for filters. */
const ROUND: readonly RegExp[] = [
  /^template\/values\/(access|str-format|methods\/(index|str))\.ts$/,
  /^template\/builtins\/(tests|filters\/(index|selection))\.ts$/,
]

test('files do not import each other in a circle, not even their types', () => {
  const imported = new Map(
    sourceFiles().map((file) => [file, specifiers(file).map(({ specifier }) => resolved(file, specifier))]),
  )
  const reachesItself = (file: string) => {
    const reached = new Set<string>()
    const next = [...(imported.get(file) ?? [])]
    for (let one = next.pop(); one !== undefined; one = next.pop()) {
      if (reached.has(one)) continue
      reached.add(one)
      next.push(...(imported.get(one) ?? []))
    }
    return reached.has(file)
  }
  const inCircles = [...imported.keys()].filter(reachesItself)
  expect(inCircles.filter((file) => !ROUND.some((pattern) => pattern.test(file)))).toEqual([])
})

test('an adapter never imports another adapter', () => {
  const wrong = sourceFiles().flatMap((file) => {
    const own = /^adapters\/([^/]+)\//.exec(file)?.[1]
    if (!own) return []
    return specifiers(file)
      .map(({ specifier }) => resolved(file, specifier))
      .filter((target) => /^adapters\/[^/]+\//.test(target) && !target.startsWith(`adapters/${own}/`))
      .map((target) => `${file} → ${target}`)
  })
  expect(wrong).toEqual([])
})

test.each([
  ['@duckdb/node-api', /^adapters\/duckdb\//],
  ['pg', /^adapters\/postgres\//],
  ['@electric-sql/pglite', /^adapters\/postgres\/embedded\//],
  ['nunjucks', /^template\//],
  ['yaml', /^config\/yaml\.ts$/],
  ['preact', /^site\/app\//],
  ['preact/hooks', /^site\/app\//],
  ['marked', /^site\/app\/parts\/markdown\.tsx$/],
  ['minisearch', /^site\/app\/search\.ts$/],
  ['uplot', /^site\/app\/reports\/plot\.tsx$/],
  ['rolldown', /^site\/bundle-app\.ts$/],
  ['commander', /^commands\/(main|command-line\/[a-z-]+)\.ts$/],
])('only its own place imports %s', (dependency, place) => {
  const users = sourceFiles().filter((file) => specifiers(file).some(({ specifier }) => specifier === dependency))
  expect(users.filter((file) => !place.test(file))).toEqual([])
})

test('only cli.ts and main.ts read process.argv or set the exit code', () => {
  const users = sourceFiles().filter((file) => /process\.(argv|exitCode)/.test(readFileSync(join(SRC, file), 'utf8')))
  expect(users).toEqual(['cli.ts'])
})

function sourceFiles(): readonly string[] {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'))
  return files.filter((file) => /(?<!\.test|\.d)\.tsx?$/.test(file) && !file.startsWith('test/')).sort()
}

function specifiers(file: string): readonly { readonly specifier: string; readonly typeOnly: boolean }[] {
  const text = readFileSync(join(SRC, file), 'utf8')
  const found = text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'"]*?\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/gm)
  return [...found].map((match) => {
    // `import('…')` in a type position is a type; in the commands it is how they are loaded lazily.
    const isLazy = match[3] !== undefined
    return { specifier: match[2] ?? match[3] ?? '', typeOnly: match[1] !== undefined || isLazy }
  })
}

function readImports(): readonly Import[] {
  return sourceFiles().flatMap((file) =>
    specifiers(file)
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ specifier, typeOnly }) => {
        const target = resolved(file, specifier)
        return { from: placeOf(file), to: placeOf(target), typeOnly, text: `${file} → ${target}` }
      }),
  )
}

function resolved(file: string, specifier: string): string {
  return relative(SRC, join(SRC, dirname(file), specifier)).replaceAll('\\', '/')
}

function placeOf(file: string): string {
  return file.split('/')[0] ?? file
}

function includesPair(pairs: readonly (readonly [string, string])[], from: string, to: string): boolean {
  return pairs.some(([a, b]) => a === from && b === to)
}
