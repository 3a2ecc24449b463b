import { expect, test } from 'vitest'
import { jsonType, typeDeclarations } from './type-declarations.ts'

test.each([
  ['BIGINT', 'number'],
  ['UTINYINT', 'number'],
  ['DECIMAL(18,2)', 'number'],
  ['double precision', 'number'],
  ['numeric(10,4)', 'number'],
  ['float4', 'number'],
  ['BOOLEAN', 'boolean'],
  ['character varying(5)', 'string'],
  ['DATE', 'string'],
  ['timestamp with time zone', 'string'],
  ['UUID', 'string'],
  ['VARCHAR[]', 'readonly (string | null)[]'],
  ['INTEGER[3][]', 'readonly (readonly (number | null)[] | null)[]'],
  [
    'STRUCT(a INTEGER, "b c" STRUCT(d DECIMAL(4,2)))',
    '{ readonly a: number | null; readonly "b c": { readonly d: number | null } | null }',
  ],
  ["ENUM('a', 'it''s, b')", '"a" | "it\'s, b"'],
  ['JSON', 'unknown'],
  ['jsonb', 'unknown'],
  ['MAP(VARCHAR, INTEGER)', 'unknown'],
  ['BLOB', 'unknown'],
])('%s is %s', (type, declared) => {
  expect(jsonType(type)).toBe(declared)
})

test('a text for each folder, with what the project says of columns', () => {
  const column = { type: 'BIGINT', description: '', isRequired: false }
  const texts = typeDeclarations([
    {
      folder: 'gold',
      name: 'notification_billing',
      description: 'What a customer pays.\n  One row a day, not */ more.',
      columns: [
        { ...column, name: 'customer_id', description: 'The customer.', isRequired: true },
        { ...column, name: 'número de vezes', type: 'INTEGER' },
      ],
    },
    { folder: 'gold', name: '2024', description: '', columns: [] },
    { folder: 'silver', name: 'notification billing', description: '', columns: [{ ...column, name: 'id' }] },
  ])
  expect(Object.fromEntries(texts)).toEqual({
    gold: `// Written by lavra check.

export interface Relation2024 {
}

/**
 * What a customer pays.
 * One row a day, not *\\/ more.
 */
export interface NotificationBilling {
  /** The customer. */
  customer_id: number
  "número de vezes": number | null
}
`,
    silver: `// Written by lavra check.

export interface NotificationBilling {
  id: number | null
}
`,
  })
})
