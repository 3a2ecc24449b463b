/** A relation as a program that reads its rows wants to know it. */
export interface DeclaredRelation {
  /** The folder of its file; relations of one folder stand in one text. */
  readonly folder: string
  readonly name: string
  readonly description: string
  readonly columns: readonly DeclaredColumn[]
}

export interface DeclaredColumn {
  readonly name: string
  /** The engine's name of the type. */
  readonly type: string
  readonly description: string
  /** Whether the project promises that there is always a value. */
  readonly isRequired: boolean
}

/**
 * TypeScript declarations of rows as `--output json` gives them: one interface a relation, one text a folder. Numbers of any
 * size are numbers, dates and times are text in ISO 8601. What has no certain form in JSON is `unknown`.
 */
export function typeDeclarations(relations: readonly DeclaredRelation[]): ReadonlyMap<string, string> {
  const folders = new Map<string, DeclaredRelation[]>()
  for (const relation of relations) {
    const known = folders.get(relation.folder)
    if (known) known.push(relation)
    else folders.set(relation.folder, [relation])
  }
  return new Map([...folders].map(([folder, own]) => [folder, declarationsOf(own)]))
}

function declarationsOf(relations: readonly DeclaredRelation[]): string {
  const taken = new Set<string>()
  const parts = [...relations]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, description, columns }) => {
      const fields = columns.map(
        (column) =>
          `${comment(column.description, '  ')}  ${keyOf(column.name)}: ${jsonType(column.type)}${column.isRequired ? '' : ' | null'}\n`,
      )
      return `${comment(description, '')}export interface ${unique(interfaceName(name), taken)} {\n${fields.join('')}}\n`
    })
  return `// Written by lavra check.\n\n${parts.join('\n')}`
}

function comment(text: string, indent: string): string {
  const lines = text
    .replaceAll('*/', '*\\/')
    .trim()
    .split(/\s*\n\s*/)
  if (lines.length === 1) return lines[0] === '' ? '' : `${indent}/** ${lines[0]} */\n`
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`, ''].join('\n')
}

function keyOf(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)
}

/** `notification_billing` is `NotificationBilling`. */
function interfaceName(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
  const joined = words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')
  return /^\p{L}/u.test(joined) ? joined : `Relation${joined}`
}

function unique(name: string, taken: Set<string>): string {
  let free = name
  for (let number = 2; taken.has(free); number += 1) free = `${name}${number}`
  taken.add(free)
  return free
}

/** The engine's type as what JSON holds of it. */
export function jsonType(type: string): string {
  const list = /^(.*)\[\d*\]$/s.exec(type)
  if (list) return `readonly (${jsonType(list[1]!)} | null)[]`
  const struct = /^struct\((.*)\)$/is.exec(type)
  if (struct) return structType(struct[1]!)
  const choice = /^enum\((.*)\)$/is.exec(type)
  if (choice)
    return splitTop(choice[1]!)
      .map((value) => JSON.stringify(unquoted(value, "'")))
      .join(' | ')
  const name = type.toLowerCase().replace(/\(.*$/s, '').trim()
  if (/^(bool|boolean)$/.test(name)) return 'boolean'
  if (/^u?(tiny|small|big|huge)?int(eger)?\d*$|^(decimal|numeric|real|double|double precision|float\d*)$/.test(name))
    return 'number'
  if (/^(var)?char|^text|^character|^date$|^time|^uuid$|^name$|^interval$/.test(name)) return 'string'
  return 'unknown'
}

function structType(fields: string): string {
  const parts = splitTop(fields).map((field) => {
    const quoted = /^"((?:[^"]|"")*)"\s+(.*)$/s.exec(field)
    const plain = /^(\S+)\s+(.*)$/s.exec(field)
    const [name, type] = quoted
      ? [quoted[1]!.replaceAll('""', '"'), quoted[2]!]
      : [plain?.[1] ?? field, plain?.[2] ?? '']
    return `readonly ${keyOf(name)}: ${jsonType(type)} | null`
  })
  return `{ ${parts.join('; ')} }`
}

/** Splits at the commas that stand in no brackets and no quotes. */
function splitTop(text: string): readonly string[] {
  const parts: string[] = []
  let depth = 0
  let quote: string | undefined
  let start = 0
  for (const [index, character] of [...text].entries()) {
    if (quote !== undefined) quote = character === quote ? undefined : quote
    else if (character === '"' || character === "'") quote = character
    else if (character === '(' || character === '[') depth += 1
    else if (character === ')' || character === ']') depth -= 1
    else if (character === ',' && depth === 0) {
      parts.push([...text].slice(start, index).join('').trim())
      start = index + 1
    }
  }
  return [...parts, [...text].slice(start).join('').trim()]
}

function unquoted(text: string, quote: string): string {
  return text.startsWith(quote) ? text.slice(1, -1).replaceAll(quote + quote, quote) : text
}
