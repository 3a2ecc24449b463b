import { expect, test } from 'vitest'
import { parsePage, printPage } from './page.ts'

const PAGE = `# Orders

\`models/orders.sql\`

\`\`\`sql
select 1 as order_id
\`\`\`

Then:

\`\`\`console
$ lavra build
Done.
$ echo $?
0
\`\`\`
`

test('a page is its prose, its files and its sessions', () => {
  expect(parsePage(PAGE).filter((part) => part.kind !== 'prose')).toEqual([
    { kind: 'file', path: 'models/orders.sql', text: 'select 1 as order_id\n' },
    {
      kind: 'session',
      commands: [
        { text: 'lavra build', output: 'Done.\n' },
        { text: 'echo $?', output: '0\n' },
      ],
    },
  ])
})

test('a page that is printed again is the page', () => {
  expect(printPage(parsePage(PAGE))).toBe(PAGE)
})

test('a block that nobody runs is refused', () => {
  expect(() => parsePage('```sql\nselect 1\n```\n')).toThrow('neither a file nor a console session')
  expect(() => parsePage('```console\nDone.\n```\n')).toThrow('starts with a command')
})
