import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import { LINTS } from '../check/lints.ts'
import { errorCodes } from '../test/docs/error-codes.ts'
import { TemporaryProject } from '../test/temporary-project.ts'
import { settleFlags } from './flag-sources.ts'
import type { Flags, World } from './flags.ts'
import { main } from './main.ts'
import { WARNING_CODES } from './warn-error.ts'

let project: TemporaryProject | undefined
afterEach(() => project?.remove())

const projectFile = (flags: string) => `name: shop\nprofile: shop\nflags: ${flags}\n`

function settle(given: Flags, env: World['env'] = {}, command = 'build'): Flags {
  const stdout = new Writable()
  const world = { cwd: project!.root, env, stdout, stderr: stdout, signal: new AbortController().signal }
  return settleFlags(given, world, command)
}

/** Runs a command and gives its exit code and what it prints. */
async function lavra(...argv: readonly string[]): Promise<{ readonly exitCode: number; readonly output: string }> {
  const chunks: string[] = []
  const stdout = new Writable({
    write: (chunk, _, done) => {
      chunks.push(String(chunk))
      done()
    },
  })
  const exitCode = await main(argv, { cwd: project!.root, env: {}, stdout, stderr: stdout })
  return { exitCode, output: chunks.join('') }
}

test('the command line comes before the environment, and both before the project file', async () => {
  project = await TemporaryProject.make({
    'project.yml': projectFile(
      '{ fail_fast: true, indirect_selection: cautious, log_level: error, write_json: false }',
    ),
  })
  const env = { DBT_INDIRECT_SELECTION: 'Empty', DBT_LOG_LEVEL: 'warn', DBT_ENGINE_LOG_LEVEL: 'debug', DBT_QUIET: '' }
  expect(settle({ indirectSelection: 'buildable' }, env)).toEqual({
    failFast: true,
    indirectSelection: 'buildable',
    logLevel: 'debug',
    writeJson: false,
  })
})

test('a variable that says which types a build has does not change what other commands work on', async () => {
  project = await TemporaryProject.make({})
  const env = { DBT_RESOURCE_TYPES: 'model seed', DBT_EXCLUDE_RESOURCE_TYPES: 'test' }
  expect(settle({}, env)).toEqual({ resourceType: ['model', 'seed'], excludeResourceType: ['test'] })
  expect(settle({}, env, 'seed')).toEqual({})
})

test('a retry is as strict about warnings as the run that it repeats', async () => {
  project = await TemporaryProject.make({
    'models/orders.sql': 'select 1 as order_id',
    'tests/no_orders.sql': `{{ config(severity='warn') }} select * from {{ ref('orders') }}`,
  })
  expect((await lavra('build', '--warn-error', '--quiet')).exitCode).toBe(1)
  expect((await lavra('retry', '--quiet')).exitCode).toBe(1)
  expect((await lavra('retry', '--quiet', '--no-warn-error')).exitCode).toBe(0)
})

test('what says which warnings are errors is taken from one place', async () => {
  project = await TemporaryProject.make({ 'project.yml': projectFile('{ warn_error_options: { error: all } }') })
  expect(settle({})).toEqual({ warnErrorOptions: { error: 'all' } })
  expect(settle({ warnError: false })).toEqual({ warnError: false })
  expect(settle({}, { DBT_WARN_ERROR: '1' })).toEqual({ warnError: true })
})

test('a project that wants colours does not put them into a pipe', async () => {
  project = await TemporaryProject.make({ 'project.yml': projectFile('{ use_colors: true }') })
  expect(settle({})).toEqual({})
  expect(settle({}, { DBT_USE_COLORS: 'true' })).toEqual({ color: true })
  await project.write({ 'project.yml': projectFile('{ use_colors: false }') })
  expect(settle({})).toEqual({ color: false })
})

test('a value that a flag cannot take is told where it stands', async () => {
  project = await TemporaryProject.make({ 'project.yml': projectFile('{ log_format: xml }') })
  expect(await lavra('ls')).toEqual({
    exitCode: 2,
    output: `error[wrong-value] project.yml:3:22
  "log_format" of "flags" must be one of text, json, default, debug, not "xml".

  2 | profile: shop
  3 | flags: { log_format: xml }
    |                      ~~~
`,
  })
})

test('without JSON a run writes its SQL and no artifacts', async () => {
  project = await TemporaryProject.make({ 'models/orders.sql': 'select 1 as order_id' })
  const file = (name: string) => existsSync(join(project!.root, 'target', name))
  expect(await lavra('--no-write-json', '--quiet', 'build')).toEqual({ exitCode: 0, output: '' })
  expect([file('run/shop/models/orders.sql'), file('manifest.json'), file('run_results.json')]).toEqual([
    true,
    false,
    false,
  ])
  for (const command of ['parse', 'compile']) {
    await lavra(command, '--no-write-json')
    expect(file('manifest.json')).toBe(false)
  }
})

test('templates see the flags, and prints can be left out', async () => {
  project = await TemporaryProject.make({
    'models/orders.sql': `{% if execute %}{% do print(flags.WARN_ERROR ~ ' ' ~ flags.PRINT ~ ' ' ~ flags.WHICH) %}{% endif %} select 1 / 0 as order_id from nowhere`,
  })
  const printed = async (...argv: readonly string[]) => (await lavra(...argv)).output.split('\n')[0]
  expect(await printed('--quiet', 'run', '--warn-error')).toBe('True True run')
  expect(await printed('--quiet', 'retry')).toBe('True True run')
  expect(await printed('--quiet', 'build', '--no-print')).not.toMatch(/^(True|False)/)
})

test('one thread is one thread, whatever else is said', async () => {
  project = await TemporaryProject.make({ 'models/orders.sql': 'select 1 as order_id' })
  expect((await lavra('--single-threaded', 'run', '--threads', '4')).output).toContain(', 1 thread\n')
  const results = JSON.parse(readFileSync(join(project.root, 'target/run_results.json'), 'utf8'))
  expect(results.args).toMatchObject({ which: 'run', threads: 4, single_threaded: true })
})

test('the warnings that can be named are codes that there are', () => {
  const codes = errorCodes(join(import.meta.dirname, '..'))
  expect(WARNING_CODES.filter((code) => !codes.includes(code))).toEqual([])
  const lints = LINTS.filter(({ severity }) => severity === 'warning').map(({ code }) => code)
  expect(lints.filter((code) => !WARNING_CODES.includes(code))).toEqual([])
})
