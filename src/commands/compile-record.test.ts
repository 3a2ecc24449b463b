import { mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { compile } from './compile.ts'
import type { Flags, World } from './flags.ts'
import { run } from './run.ts'

const FILES = {
  'project.yml': `name: shop\nversion: '1.0'\nprofile: shop\nvars:\n  scale: 2\n`,
  'profiles.yml': `shop:\n  target: dev\n  outputs:\n    dev: { type: duckdb, path: shop.duckdb }\n`,
  'macros/money.sql': `{% macro cents(column) %}round({{ column }} / 100.0, {{ var('scale') }}){% endmacro %}`,
  'models/orders.sql': `select 1 as order_id, {{ cents(150) }} as amount, '{{ env_var('REGION', 'none') }}' as region`,
  'models/orders.yml': `models:\n  - name: orders\n    columns:\n      - name: order_id\n        data_tests: [not_null]\n`,
}

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lavra-compile-'))
  for (const [path, text] of Object.entries(FILES)) await write(path, text)
})

afterEach(async () => rm(root, { recursive: true, force: true }))

async function write(path: string, text: string): Promise<void> {
  const file = join(root, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}

/** What `lavra compile` says. */
async function said(flags: Flags = {}, env: World['env'] = {}, command = compile): Promise<string> {
  let text = ''
  const stream = { write: (part: string) => (text += part) } as unknown as World['stdout'] // only `write` is used
  await command(flags, { cwd: root, env, stdout: stream, stderr: stream, signal: new AbortController().signal })
  return text
}

const COMPILED = 'Compiled 2 nodes to target/compiled\n'
const UNCHANGED = 'Nothing has changed since 2 nodes were compiled to target/compiled\n'
const compiledOrders = () => readFile(join(root, 'target/compiled/shop/models/orders.sql'), 'utf8')

describe('a project that was compiled', () => {
  test('is left as it is while nothing changes', async () => {
    expect(await said()).toBe(COMPILED)
    const manifest = await readFile(join(root, 'target/manifest.json'), 'utf8')
    expect(await said()).toBe(UNCHANGED)
    expect(await readFile(join(root, 'target/manifest.json'), 'utf8')).toBe(manifest)
    expect(await compiledOrders()).toBe(`select 1 as order_id, round(150 / 100.0, 2) as amount, 'none' as region\n`)
  })

  test('gives the same manifest as one that was never compiled before', async () => {
    await said()
    await write('models/orders.sql', FILES['models/orders.sql'].replace('1 as', '7 as'))
    await said()
    await said({ targetPath: 'fresh' })
    const manifest = async (folder: string) => {
      const { metadata: _, ...rest } = JSON.parse(await readFile(join(root, folder, 'manifest.json'), 'utf8'))
      return JSON.parse(
        JSON.stringify(rest)
          .replaceAll(`${folder}/compiled`, 'compiled')
          .replace(/"created_at":[^,}]+/g, '"created_at":0'),
      )
    }
    expect(await manifest('target')).toEqual(await manifest('fresh'))
  })

  const changes: readonly (readonly [string, () => Promise<void>])[] = [
    ['a model', () => write('models/orders.sql', `select 2 as order_id, {{ cents(150) }} as amount`)],
    ['one character of a model', () => write('models/orders.sql', FILES['models/orders.sql'].replace('150', '151'))],
    ['a macro', () => write('macros/money.sql', `{% macro cents(column) %}{{ column }}{% endmacro %}`)],
    ['a properties file', () => write('models/orders.yml', `models:\n  - name: orders\n    description: Orders.\n`)],
    ['the project file', () => write('project.yml', FILES['project.yml'].replace('scale: 2', 'scale: 3'))],
    ['the profile', () => write('profiles.yml', FILES['profiles.yml'].replace(' }', ', schema: silver }'))],
    ['a file that is new', () => write('models/customers.sql', 'select 1 as customer_id')],
    ['a file that is gone', () => rm(join(root, 'models/orders.yml'))],
    ['a compiled file that is gone', () => rm(join(root, 'target/compiled/shop/models/orders.sql'))],
    ['a database that is new', async () => void (await said({}, {}, run))],
  ]
  test.each(changes)('is compiled again after a change of %s', async (_, change) => {
    await said()
    expect(await said()).toBe(UNCHANGED)
    await change()
    expect(await said()).toMatch(/^Compiled \d nodes/)
    expect(await said()).toMatch(/^Nothing has changed/)
  })

  test('is compiled again after a change that kept size and time of a young file', async () => {
    await said()
    const { mtime } = await stat(join(root, 'models/orders.sql'))
    await write('models/orders.sql', FILES['models/orders.sql'].replace('150', '151'))
    await utimes(join(root, 'models/orders.sql'), mtime, mtime)
    expect(await said()).toBe(COMPILED)
    expect(await compiledOrders()).toContain('151')
  })

  test('is compiled again for another variable, and for another value of an environment variable that it asked for', async () => {
    await said()
    expect(await said({ vars: '{scale: 4}' })).toBe(COMPILED)
    expect(await compiledOrders()).toContain('round(150 / 100.0, 4)')
    expect(await said({ vars: '{scale: 4}' }, { HOME: '/elsewhere' })).toBe(UNCHANGED)
    expect(await said({ vars: '{scale: 4}' }, { REGION: 'south' })).toBe(COMPILED)
    expect(await compiledOrders()).toContain(`'south' as region`)
    expect(await said({ vars: '{scale: 4}' }, { REGION: 'north' })).toBe(COMPILED)
  })
})

describe('a project is compiled every time', () => {
  const causes: readonly (readonly [string, string])[] = [
    ['the clock', `select '{{ run_started_at }}' as at`],
    ['the run', `select '{{ invocation_id }}' as run`],
    ['the date', `select '{{ modules.datetime.datetime.now() }}' as at`],
    ['the database', `select {{ run_query('select 1').columns[0].values()[0] if execute else 0 }} as n`],
    ['what the published table is', `{{ config(materialized='incremental') }} select 1 as n`],
    ['nothing, but says something', `{{ log('Hello.', info=true) }} select 1 as n`],
  ]
  test.each(causes)('when a model depends on %s', async (_, text) => {
    await write('models/moments.sql', text)
    await said({}, {}, run)
    await said()
    expect(await said()).toMatch(/Compiled 3 nodes to target\/compiled\n$/)
  })
})
