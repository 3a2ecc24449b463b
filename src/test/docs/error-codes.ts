import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The ways in which the source gives a diagnostic its code. */
const GIVES_CODE = [
  /\bproblem\(\s*'([a-z-]+)'/g,
  /\bfailAt\(\s*call,\s*'([a-z-]+)'/g,
  /\bcode: '([a-z-]+)',\s*severity: /g,
  /\bseverity: '(?:error|warning)',\s*code: '([a-z-]+)'/g,
  /\bcode: '([a-z-]+)',\s*message: /g,
]

/** The files that give a code which is not written where the diagnostic is made, and the codes that they give. */
const GIVEN_ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  'context/problems.ts': ['ref-invalid', 'source-invalid'],
  'manifest/resolve.ts': ['properties-without-node', 'test-target-not-found'],
  'manifest/rules/unique-names.ts': ['macro-duplicate', 'name-duplicate', 'source-duplicate', 'test-duplicate'],
}

const HIDES_CODE = /(?<!this\.|function |private )\bproblem\((?!\s*')/

/** Every code of a diagnostic in the source, sorted. Throws for a file that hides one and is not listed above. */
export function errorCodes(source: string): readonly string[] {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'))
  const codes = new Set(Object.values(GIVEN_ELSEWHERE).flat())
  for (const file of files) {
    if (!file.endsWith('.ts') || file.endsWith('.test.ts') || file.startsWith('test/')) continue
    const text = readFileSync(join(source, file), 'utf8')
    if (HIDES_CODE.test(text) && !Object.hasOwn(GIVEN_ELSEWHERE, file))
      throw new Error(`a code without its name: ${file}`)
    for (const pattern of GIVES_CODE) for (const match of text.matchAll(pattern)) codes.add(match[1] ?? '')
  }
  return [...codes].sort()
}
