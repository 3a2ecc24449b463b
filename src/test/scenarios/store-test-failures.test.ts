import { expect, test } from 'vitest'
import { area } from './engines.ts'
import { rows, statuses } from './look.ts'

const KEPT = `select table_name from information_schema.tables where table_schema = 'main_dbt_test__audit' order by 1`

const FILES = {
  'seeds/people.csv': 'id,name\n1,Ana\n2,\n3,\n',
  'seeds/schema.yml': `seeds:
  - name: people
    columns:
      - { name: id, data_tests: [{ unique: { name: passing } }] }
      - { name: name, data_tests: [{ not_null: { name: failing } }] }
`,
}

area('store_test_failures', ({ project }) => {
  test('failing rows are kept where the flag asks for it, whether the run publishes or not, and replaced by the next run', async () => {
    const shop = await project(FILES)
    expect(statuses(await shop.run({ storeFailures: true }))).toEqual({
      failing: 'fail',
      passing: 'pass',
      people: 'skipped',
    })
    expect(await rows(shop, KEPT)).toEqual(['failing', 'passing'])
    expect(await rows(shop, 'select id from main_dbt_test__audit.failing order by id')).toEqual(['2', '3'])
    expect(await rows(shop, 'select count(*) from main_dbt_test__audit.passing')).toEqual(['0'])
    await shop.write({ 'seeds/people.csv': 'id,name\n1,Ana\n2,\n' })
    await shop.run({ storeFailures: true })
    expect(await rows(shop, 'select id from main_dbt_test__audit.failing')).toEqual(['2'])
  })

  test('a limit holds for what is kept and counted; a schema, an alias and a singular test are as for other nodes', async () => {
    const shop = await project({
      ...FILES,
      'seeds/schema.yml': FILES['seeds/schema.yml'].replace(
        '{ not_null: { name: failing } }',
        '{ not_null: { name: failing, config: { limit: 1, schema: kept, alias: nameless } } }',
      ),
      'tests/everybody.sql': `select * from {{ ref('people') }}`,
    })
    const outcome = await shop.run({ storeFailures: true })
    expect(outcome.results.get('failing')).toMatchObject({ status: 'fail', failures: 1 })
    expect(outcome.results.get('everybody')).toMatchObject({ status: 'fail', failures: 3 })
    expect(await rows(shop, 'select count(*) from main_kept.nameless')).toEqual(['1'])
    expect(await rows(shop, 'select count(*) from main_dbt_test__audit.everybody')).toEqual(['3'])
  })

  test('store_failures and store_failures_as decide together, and the nearer setting wins', async () => {
    const cases: Readonly<Record<string, readonly [config: string, isKept: boolean]>> = {
      as_table: [`store_failures_as='table'`, true],
      as_view: [`store_failures_as='view'`, true],
      as_ephemeral: [`store_failures_as='ephemeral'`, false],
      true_as_table: [`store_failures=true, store_failures_as='table'`, true],
      true_as_ephemeral: [`store_failures=true, store_failures_as='ephemeral'`, false],
      false_as_table: [`store_failures=false, store_failures_as='table'`, true],
      true_alone: ['store_failures=true', true],
      false_alone: ['store_failures=false', false],
      nothing: ['', false],
    }
    const tests = Object.fromEntries(
      Object.entries(cases).map(([name, [config]]) => [`tests/${name}.sql`, `{{ config(${config}) }} select 1 as id`]),
    )
    const kept = (of: (name: string, isKept: boolean) => boolean) =>
      Object.entries(cases)
        .filter(([name, [, isKept]]) => of(name, isKept))
        .map(([name]) => name)
        .sort()
    const shop = await project(tests)
    await shop.run()
    expect(await rows(shop, KEPT)).toEqual(kept((_, isKept) => isKept))
    const byFlag = await project(tests)
    await byFlag.run({ storeFailures: true })
    expect(await rows(byFlag, KEPT)).toEqual(kept((name, isKept) => isKept || name === 'nothing'))
    const project_ = (as: string) => ({
      'project.yml': `name: shop\nversion: '1.0'\nprofile: shop\ndata_tests: { +store_failures_as: ${as} }\n`,
    })
    const byProject = await project({ ...tests, ...project_('table') })
    await byProject.run()
    expect(await rows(byProject, KEPT)).toEqual(
      kept((name, isKept) => isKept || ['nothing', 'true_alone', 'false_alone'].includes(name)),
    )
  })
})
