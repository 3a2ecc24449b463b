import { expect, test } from 'vitest'
import { manifestOf, model } from '../test/manifest-fixture.ts'
import { NOTHING_KNOWN } from '../test/site-fixture.ts'
import { buildSite } from './build-site.ts'
import { siteFiles } from './site-files.ts'
import type { SiteProjectInput } from './site-project.ts'
import { summaryOf } from './summary.ts'

const APP = { script: 'run()', style: 'body {}' }

function files(manifest: SiteProjectInput['manifest'], secrets: readonly string[] = []): ReadonlyMap<string, string> {
  return new Map(siteFiles(buildSite({ ...NOTHING_KNOWN, manifest }), APP, secrets))
}

test('the page comes last, and names the time of making behind every address', () => {
  const made = files(manifestOf([model('orders')]))
  expect([...made.keys()]).toEqual([
    'app.js',
    'app.css',
    'data/index.js',
    'data/search.js',
    'data/findings.js',
    'data/nodes/0.js',
    'index.html',
  ])
  const addresses = [...made.get('index.html')!.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address)
  expect(addresses).toEqual(['data:,', 'app.css?mk13z400', 'app.js?mk13z400'])
})

test('neither a script nor the end of a line can come out of data', () => {
  const made = files(manifestOf([model('orders', [], { description: '</script>\u2028', rawCode: 'select 1 <!--' })]))
  expect(made.get('data/nodes/0.js')).toContain(String.raw`"description":"\u003c/script>\u2028"`)
  expect(made.get('data/nodes/0.js')).toContain(String.raw`"code":"select 1 \u003c!--"`)
})

test('secrets are hidden, also those that the escapes would change', () => {
  const made = files(manifestOf([model('orders', [], { description: 'the password is a<b"c' })]), ['a<b"c'])
  expect(made.get('data/nodes/0.js')).toContain('"description":"the password is *****"')
})

test('details are spread over files, each small enough to be read at once', () => {
  const long = 'x'.repeat(90_000)
  const models = Array.from({ length: 7 }, (_, index) => model(`orders_${index}`, [], { description: long }))
  const { index, chunks } = buildSite({ ...NOTHING_KNOWN, manifest: manifestOf(models) })
  expect(index.nodes.map(({ chunk }) => chunk)).toEqual([0, 0, 0, 1, 1, 1, 2])
  expect(chunks.map((chunk) => Object.keys(chunk))).toEqual([['0', '1', '2'], ['3', '4', '5'], ['6']])
})

test('a summary is the beginning of a description without its marks', () => {
  expect(summaryOf('## Orders\nThe **paid** `orders` of [a day](https://example.com).\n\nMore.')).toBe(
    'Orders The paid orders of a day.',
  )
  expect(summaryOf('one_name_with_underscores')).toBe('one_name_with_underscores')
  expect(summaryOf('word '.repeat(100))).toBe(`${'word '.repeat(31)}word…`)
})
