import { expect, test } from 'vitest'
import { UserError } from '../diagnostics/errors.ts'
import { templateProject } from '../test/template-project.ts'
import { describePlace, span } from '../text/source-file.ts'
import { renderYamlValue } from './yaml-value.ts'

const project = templateProject({
  vars: { enabled: true, columns: ['a', 'b'], cutoff: '2020-01-01' },
  env: { LIMIT: '10' },
})

function render(written: string, extraNames?: Readonly<Record<string, unknown>>) {
  const file = { path: 'project.yml', text: `key: ${written}` }
  return renderYamlValue(project, written, span(file, 5, file.text.length), extraNames)
}

test('a single expression gives its value, as plain data', () => {
  expect(render("{{ var('enabled') }}")).toBe(true)
  expect(render("{{ var('columns') }}")).toEqual(['a', 'b'])
  expect(render("{{ env_var('LIMIT') | as_number }}")).toBe(10)
  expect(render('{{ env_var("LIMIT") }}')).toBe('10')
})

test('everything else gives text', () => {
  expect(render('plain')).toBe('plain')
  expect(render("{{ target.schema }}_{{ var('cutoff') }}")).toBe('main_2020-01-01')
  expect(render('{{ owner }}', { owner: 'sales' })).toBe('sales')
})

test('errors stand where the text was written', () => {
  const placeOf = (run: () => unknown) => {
    try {
      run()
      return 'no problem'
    } catch (error) {
      if (error instanceof UserError)
        return `${error.diagnostics[0]!.code} ${describePlace(error.diagnostics[0]!.place!)}`
      throw error
    }
  }
  expect(placeOf(() => render("a {{ var('nope') }}"))).toBe('var-missing project.yml:1:11')
  // The file's text is not the value's: it is quoted.
  const file = { path: 'project.yml', text: "key: '{{ var(''nope'') }}'" }
  expect(placeOf(() => renderYamlValue(project, "{{ var('nope') }}", span(file, 5, 26)))).toBe(
    'var-missing project.yml:1:6',
  )
})
