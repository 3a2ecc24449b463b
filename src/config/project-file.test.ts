import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { UserError } from '../diagnostics/errors.ts'
import { formatDiagnostic } from '../diagnostics/format.ts'
import { writeFiles } from '../test/load-files.ts'
import { findProject } from './find-project.ts'
import { readProjectFile } from './project-file.ts'

function read(text: string, environment: Record<string, string> = {}) {
  return readProjectFile({ path: 'project.yml', text }, environment)
}

function problemsOf(text: string, environment: Record<string, string> = {}): string {
  try {
    read(text, environment)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return `\n${error.diagnostics.map((diagnostic) => formatDiagnostic(diagnostic)).join('\n\n')}\n`
  }
  return 'no problems'
}

test('a project file that says its name only has the defaults of dbt', () => {
  const { file: _, at: __, ...project } = read('name: shop\n')
  expect(project).toEqual({
    name: 'shop',
    version: '',
    profile: 'shop',
    modelPaths: ['models'],
    seedPaths: ['seeds'],
    snapshotPaths: ['snapshots'],
    testPaths: ['tests'],
    macroPaths: ['macros'],
    analysisPaths: ['analyses'],
    docsPaths: [],
    targetPath: 'target',
    packagesPath: 'dbt_packages',
    cleanTargets: ['target'],
    vars: {},
    onRunStart: [],
    onRunEnd: [],
    configTrees: {},
    dispatch: [],
    quoting: {},
    flags: {},
    publish: { mode: 'all', lockTimeoutSeconds: 60 },
    leaseTimeoutSeconds: 60,
    lints: {},
    warnings: [],
  })
})

test('every key is read', () => {
  const project = read(
    `name: shop
version: 1.0
config-version: 2
profile: "{{ env_var('PROFILE', 'shop_profile') }}"
model-paths: [models, "{{ env_var('MORE') }}"]
target-path: out
clean-targets: [out, logs]
vars: { as_of: 2020-01-01, shop: { region: south } }
on-run-start: create schema if not exists {{ target.schema }}
on-run-end:
  - analyze
  - { sql: vacuum, transaction: false }
models: { shop: { +materialized: table } }
tests: { +severity: warn }
dispatch: [{ macro_namespace: dbt_utils, search_order: [shop, dbt_utils] }]
quoting: { identifier: false, snowflake_ignore_case: true }
flags: { send_anonymous_usage_stats: false }
query-comment: null
publish: { mode: passing, copy: public.duckdb }
lease_timeout: 5
versions: 2
require-dbt-version: '>=1.0'
`,
    { MORE: 'more_models' },
  )
  expect(project).toMatchObject({
    name: 'shop',
    version: '1',
    profile: 'shop_profile',
    modelPaths: ['models', 'more_models'],
    targetPath: 'out',
    cleanTargets: ['out', 'logs'],
    vars: { as_of: '2020-01-01', shop: { region: 'south' } },
    dispatch: [{ macro_namespace: 'dbt_utils', search_order: ['shop', 'dbt_utils'] }],
    quoting: { identifier: false },
    flags: { send_anonymous_usage_stats: false },
    publish: { mode: 'passing', copy: 'public.duckdb' },
    leaseTimeoutSeconds: 5,
    versions: 2,
  })
  expect(project.onRunStart.map(({ hook }) => hook)).toEqual([
    { sql: 'create schema if not exists {{ target.schema }}', transaction: true },
  ])
  expect(project.onRunEnd.map(({ hook }) => hook)).toEqual([
    { sql: 'analyze', transaction: true },
    { sql: 'vacuum', transaction: false },
  ])
  expect(project.configTrees.models?.value).toEqual({ shop: { '+materialized': 'table' } })
  expect(project.configTrees.data_tests?.value).toEqual({ '+severity': 'warn' })
})

describe('mistakes', () => {
  test('all of them are told, each at its place', () => {
    const text = `nam: shop
version: 1
publsh: all
publish: { mode: alle }
on-run-start: [{ sq: x }]
vars: 3
config-version: 1
`
    expect(problemsOf(text)).toMatchInlineSnapshot(`
      "
      error[unknown-key] project.yml:1:1
        There is no key "nam" in a project file.

        1 | nam: shop
          | ~~~
        hint: did you mean "name"?

      error[unknown-key] project.yml:3:1
        There is no key "publsh" in a project file.

        2 | version: 1
        3 | publsh: all
          | ~~~~~~
        hint: did you mean "publish"?

      error[wrong-value] project.yml:4:18
        "mode" must be one of all, passing, each, not "alle".

        3 | publsh: all
        4 | publish: { mode: alle }
          |                  ~~~~
        hint: did you mean "all"?

      error[unknown-key] project.yml:5:18
        There is no key "sq" in a hook.

        4 | publish: { mode: alle }
        5 | on-run-start: [{ sq: x }]
          |                  ~~
        hint: did you mean "sql"?

      error[wrong-value] project.yml:6:7
        "vars" must be a map of keys to values, not 3.

        5 | on-run-start: [{ sq: x }]
        6 | vars: 3
          |       ~
      "
    `)
  })

  test('keys of dbt before version 1.0 are told with their names of today', () => {
    expect(problemsOf('name: shop\nsource-paths: [models]\ndata-paths: [data]\n')).toMatchInlineSnapshot(`
      "
      error[unknown-key] project.yml:2:1
        There is no key "source-paths" in a project file.

        1 | name: shop
        2 | source-paths: [models]
          | ~~~~~~~~~~~~
        hint: write "model-paths", as it is called since dbt 1.0

      error[unknown-key] project.yml:3:1
        There is no key "data-paths" in a project file.

        2 | source-paths: [models]
        3 | data-paths: [data]
          | ~~~~~~~~~~
        hint: write "seed-paths", as it is called since dbt 1.0
      "
    `)
  })

  test('a name that could not stand in a template, and tests under both names', () => {
    expect(problemsOf('name: my-shop\ntests: {}\ndata_tests: {}\n')).toMatchInlineSnapshot(`
      "
      error[project-name] project.yml:1:7
        The name of a project is made of letters, digits and "_", not "my-shop".

        1 | name: my-shop
          |       ~~~~~~~

      error[tests-twice] project.yml:2:1
        The keys "tests" and "data_tests" mean the same.

        1 | name: my-shop
        2 | tests: {}
          | ~~~~~
        hint: keep "data_tests"
      "
    `)
  })

  test('an environment variable that is not set, and one that is secret', () => {
    expect(problemsOf('name: shop\nprofile: \'{{ env_var("PROFIL") }}\'\n', { PROFILE: 'x' })).toMatchInlineSnapshot(`
      "
      error[env-var-missing] project.yml:2:14
        The environment variable "PROFIL" is not set.

        1 | name: shop
        2 | profile: '{{ env_var("PROFIL") }}'
          |              ~~~~~~~~~~~~~~~~~
        hint: did you mean "PROFILE"?
      "
    `)
    const secret = 'name: shop\nprofile: "{{ env_var(\'DBT_ENV_SECRET_X\') }}"\n'
    expect(problemsOf(secret, { DBT_ENV_SECRET_X: 'x' })).toMatchInlineSnapshot(`
      "
      error[secret-in-template] project.yml:2:14
        The environment variable "DBT_ENV_SECRET_X" is a secret, and secrets cannot be read here.

        1 | name: shop
        2 | profile: "{{ env_var('DBT_ENV_SECRET_X') }}"
          |              ~~~~~~~~~~~~~~~~~~~~~~~~~~~
        hint: secrets can be read in profiles.yml only
      "
    `)
  })

  test('an empty file', () => {
    expect(problemsOf('# nothing\n')).toMatchInlineSnapshot(`
      "
      error[wrong-value] project.yml:1:1
        This must be a map of keys to values, not empty.

        1 | # nothing
          | ~
      "
    `)
  })
})

describe('finding the project', () => {
  function inFolder(check: (folder: string) => void): void {
    const folder = mkdtempSync(join(tmpdir(), 'lavra-'))
    try {
      check(folder)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }

  function messageOf(run: () => unknown, folder: string): string {
    try {
      run()
    } catch (error) {
      if (error instanceof UserError) return formatDiagnostic(error.diagnostics[0]!).replaceAll(folder, '~')
      throw error
    }
    return 'no problems'
  }

  test('it is the nearest folder upwards that holds a project file, of either name', () => {
    inFolder((folder) => {
      writeFiles(folder, { 'dbt_project.yml': 'name: shop\n', 'inner/project.yml': 'name: inner\n' })
      mkdirSync(join(folder, 'models/gold'), { recursive: true })
      mkdirSync(join(folder, 'inner/models'), { recursive: true })
      expect(findProject(join(folder, 'models/gold'))).toEqual({
        root: folder,
        file: { path: 'dbt_project.yml', text: 'name: shop\n' },
      })
      expect(findProject(join(folder, 'inner/models')).root).toBe(join(folder, 'inner'))
    })
  })

  test('a folder that is named must hold it itself', () => {
    inFolder((folder) => {
      writeFiles(folder, { 'project.yml': 'name: shop\n' })
      expect(messageOf(() => findProject(join(folder, 'models'), { exact: true }), folder)).toMatchInlineSnapshot(`
        "error[project-not-found]
          There is no project.yml (or dbt_project.yml) in "~/models".
          hint: go to the folder of a project, name one with --project-dir, or make one with "lavra init""
      `)
    })
  })

  test('a folder with both is not guessed about', () => {
    inFolder((folder) => {
      writeFiles(folder, { 'project.yml': 'name: shop\n', 'dbt_project.yml': 'name: shop\n' })
      expect(messageOf(() => findProject(folder), folder)).toMatchInlineSnapshot(`
        "error[project-file-twice]
          "~" has both a project.yml and a dbt_project.yml.
          hint: keep one of them"
      `)
    })
  })
})
