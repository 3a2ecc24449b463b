import { expect, test } from 'vitest'
import { scrub, secretsOfEnvironment } from './secrets.ts'

test('secrets go, the longest first', () => {
  const secrets = ['hunter2', 'ana-hunter2']
  expect(scrub('cannot log in as ana-hunter2 with hunter2', secrets)).toBe('cannot log in as ***** with *****')
})

test('secrets go also where JSON, SQL or XML writes them differently', () => {
  const secret = `a"b'c<d`
  const texts = [secret, JSON.stringify({ secret }), `select 'a"b''c<d'`, "<failure>a&quot;b'c&lt;d</failure>"]
  expect(texts.map((text) => scrub(text, [secret]))).toEqual([
    '*****',
    '{"secret":"*****"}',
    "select '*****'",
    '<failure>*****</failure>',
  ])
})

test('variables whose names start with DBT_ENV_SECRET are secrets; empty ones hide nothing', () => {
  const environment = { DBT_ENV_SECRET_TOKEN: 's3cret', DBT_ENV_SECRET_EMPTY: '', SHOP_REGION: 'north' }
  expect(secretsOfEnvironment(environment)).toEqual(['s3cret'])
})
