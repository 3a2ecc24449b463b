import { describe, expect, test } from 'vitest'
import { TEST_ENGINES } from '../test/engines.ts'
import { TemporaryProject } from '../test/temporary-project.ts'
import { maskedColumn } from './mask.ts'

const MASKED: readonly (readonly [string, string, string])[] = [
  ['cpf', '305.584.960-40', '***.***.***-40'],
  ['cpf', '30558496040', '***.***.***-40'],
  ['cpf', 'ZZZ', '***'],
  ['cpf', '', '***'],
  ['cnpj', '11.222.333/0001-81', '**.***.***/****-81'],
  ['cnpj', '81', '***'],
  ['email', 'ana@example.com', '***@example.com'],
  ['email', 'ana', '***'],
  ['phone', '+55 11 98765-4321', '***21'],
  ['phone', '4321', '***'],
  ['card', '4242 4242 4242 4242', '**** **** **** 4242'],
  ['name', 'Ana', '***'],
  ['personal', 'x', '***'],
]

describe.each(TEST_ENGINES)('on $name', (engine) => {
  test('a mask keeps what its class may keep, and nothing of what is too short; null stays null', async () => {
    const project = await TemporaryProject.make({ 'models/one.sql': 'select 1 as one' }, engine)
    await project.run()
    const expressions = MASKED.map(
      ([personalClass, value]) =>
        `(select ${maskedColumn('value', personalClass)} from (select '${value}' as value) as one)`,
    )
    const nulls = MASKED.map(
      ([personalClass]) =>
        `(select ${maskedColumn('value', personalClass)} from (select cast(null as varchar) as value) as one)`,
    )
    const number = `(select ${maskedColumn('value', 'cpf')} from (select 30558496040 as value) as one)`
    expect(await project.query(`select ${[...expressions, ...nulls, number].join(', ')}`)).toEqual([
      [...MASKED.map(([, , masked]) => masked), ...MASKED.map(() => null), '***.***.***-40'],
    ])
    await project.remove()
  })
})
