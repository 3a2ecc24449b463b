import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Writable } from 'node:stream'
import { afterAll, describe, expect, test } from 'vitest'
import { LINTS } from '../check/lints.ts'
import { createProgram } from '../commands/command-line/program.ts'
import { builtinMacroFiles } from '../context/index.ts'
import { METHODS } from '../graph/selector.ts'
import { errorCodes } from './docs/error-codes.ts'
import { normalize } from './docs/normalize.ts'
import { type Part, parsePage, printPage } from './docs/page.ts'
import { onPostgresStage } from './docs/postgres-stage.ts'
import { Shell } from './docs/shell.ts'

/**
 * Every fenced block of the user's guide is run. A page starts in a folder with the files of docs/README.md, README.md in a
 * copy of this repository's own project; its blocks are run from top to bottom, and each command has to print what stands
 * below it. `LAVRA_UPDATE_DOCS=1` writes what they print into the pages: read the diff.
 */
const isUpdate = process.env.LAVRA_UPDATE_DOCS === '1'
const repository = join(import.meta.dirname, '../..')
const home = realpathSync(mkdtempSync(join(tmpdir(), 'lavra-docs-')))

afterAll(() => rmSync(home, { recursive: true }))

describe('README.md', () => {
  test('shows what the project of this repository does', async () => {
    const folder = join(home, 'lavra')
    for (const name of ['project.yml', 'profiles.yml', 'models', 'seeds', 'macros', 'snapshots', 'tests']) {
      cpSync(join(repository, name), join(folder, name), { recursive: true })
    }
    await checkPage('README.md', new Shell(home, folder))
  })
})

describe('docs', () => {
  for (const name of readdirSync(join(repository, 'docs')).filter((file) => file.endsWith('.md'))) {
    test(`${name} shows what its examples print`, async () => {
      const own = join(home, name)
      const folder = join(own, 'shop')
      mkdirSync(folder, { recursive: true })
      if (name !== 'README.md') writeFiles(parsePage(readPage('docs/README.md')), folder)
      if (name !== 'postgres.md') await checkPage(`docs/${name}`, new Shell(own, folder))
      else await onPostgresStage((stage) => checkPage(`docs/${name}`, new Shell(own, folder, stage)))
    })
  }

  test('every link of a page leads to a page or file that is there', () => {
    // The pages link each other by relative paths; a link elsewhere starts with its scheme.
    const guide = readdirSync(join(repository, 'docs')).filter((file) => file.endsWith('.md'))
    const pages = ['README.md', ...guide.map((file) => `docs/${file}`)]
    const broken = pages.flatMap((page) =>
      linksOf(readPage(page))
        .filter((link) => !leadsSomewhere(page, link))
        .map((link) => `${page}: ${link}`),
    )
    expect(broken).toEqual([])
  })

  test('errors.md lists every code that the source can give, and no other', () => {
    expect(firstCells('docs/errors.md').sort()).toEqual(errorCodes(join(repository, 'src')))
  })

  test('check.md lists every lint with its severity', () => {
    const rows = [...readPage('docs/check.md').matchAll(/^\| `([a-z-]+)` \| (error|warning|off) \|/gm)]
    expect(rows.map(([, code, severity]) => [code, severity])).toEqual(
      LINTS.map(({ code, severity }) => [code, severity]),
    )
  })

  test('commands.md tells every flag that a command shows, and no flag that no command takes', () => {
    const stream = new Writable()
    const program = createProgram({ stdout: stream, stderr: stream }, async () => {})
    const commands = [program, ...program.commands.flatMap((command) => [command, ...command.commands])]
    const helps = flagsOf(commands.map((command) => command.helpInformation()).join(''))
    const told = flagsOf(readPage('docs/commands.md'))
    expect(helps.filter((flag) => !told.includes(flag))).toEqual([])
    const taken = commands.flatMap((command) => command.options.map(({ long }) => long))
    expect(told.filter((flag) => !helps.includes(flag) && !taken.includes(flag))).toEqual([])
  })

  test('selection.md lists every method', () => {
    const page = readPage('docs/selection.md')
    expect(METHODS.filter((method) => !new RegExp(`\`${method}(\\.<key>)?\``).test(page))).toEqual([])
  })

  test('tests.md and templates.md list the built-in tests and macros', () => {
    const pages = `${readPage('docs/tests.md')}${readPage('docs/templates.md')}`
    const definitions = builtinMacroFiles().flatMap(({ text }) => [...text.matchAll(/{% (?:macro|test) (\w+)/g)])
    const names = definitions.map(([, name = '']) => name).filter((name) => !INNER_MACRO.test(name))
    expect(names.filter((name) => !pages.includes(`\`${name}\``) && !pages.includes(`\`${name}()\``))).toEqual([])
  })
})

/** Macros that others dispatch to, and those that only dbt's own macros call. */
const INNER_MACRO =
  /^(default|duckdb|postgres)__|^(current_timestamp_(in_utc_)?backcompat|snapshot_get_time|get_where_subquery)$/

/** Runs a page and compares it with what it becomes when every output is replaced by the real one. */
async function checkPage(page: string, shell: Shell): Promise<void> {
  const before = readPage(page)
  const after = printPage(await runPage(parsePage(before), shell))
  if (isUpdate) writeFileSync(join(repository, page), after)
  else expect(normalize(after)).toBe(normalize(before))
}

async function runPage(parts: readonly Part[], shell: Shell): Promise<readonly Part[]> {
  const done: Part[] = []
  for (const part of parts) {
    if (part.kind === 'file') writeFiles([{ ...part, text: shell.used(part.text) }], shell.folder)
    if (part.kind !== 'session') {
      done.push(part)
      continue
    }
    const commands = []
    for (const command of part.commands) {
      const output = await shell.run(command.text)
      // What only differs by times and ids stays as it is in the page.
      const isSame = normalize(output) === normalize(command.output)
      commands.push(isSame ? command : { ...command, output })
    }
    done.push({ kind: 'session', commands })
  }
  return done
}

function writeFiles(parts: readonly Part[], folder: string): void {
  for (const part of parts) {
    if (part.kind !== 'file') continue
    const path = join(folder, part.path)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, part.text)
  }
}

function readPage(page: string): string {
  return readFileSync(join(repository, page), 'utf8')
}

/** What stands in backticks in the first cells of the tables of a page. */
function firstCells(page: string): (string | undefined)[] {
  return [...readPage(page).matchAll(/^\| `([a-z-]+)` \|/gm)].map((match) => match[1])
}

function flagsOf(text: string): readonly string[] {
  return [...new Set(text.match(/(?<![\w-])--[a-z][a-z-]*/g))].sort()
}

function linksOf(markdown: string): readonly string[] {
  return [...markdown.matchAll(/\]\((?!\w+:)([^)\s]+)\)/g)].map((match) => match[1] ?? '')
}

/** Whether the file is there and, for a link to a heading of a page, the heading too. */
function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', heading] = link.split('#')
  const file = path === '' ? page : join(dirname(page), path)
  if (!existsSync(join(repository, file))) return false
  return heading === undefined || headingsOf(readPage(file)).includes(heading)
}

/** The anchors of a page, as GitHub makes them. */
function headingsOf(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
