import { isUtf8 } from 'node:buffer'
import { UserError } from '../../diagnostics/errors.ts'
import type { SourceFile } from '../../text/source-file.ts'
import { badEncoding } from './problems.ts'

/**
 * The text of a file in UTF-8, without a byte order mark. Throws `UserError` with the line of the first byte that is
 * not UTF-8.
 */
export function decodeSeed(bytes: Uint8Array, path: string): SourceFile {
  if (isUtf8(bytes)) return { path, text: new TextDecoder().decode(bytes) }
  const byteOffset = firstBadByte(bytes)
  const line = bytes.subarray(0, byteOffset).filter((byte) => byte === 0x0a).length + 1
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  throw new UserError(badEncoding({ path, byteOffset, line, isUtf16 }))
}

/**
 * The longest beginning that is UTF-8, found by halving; a character that is cut off at the end of a beginning is none.
 */
function firstBadByte(bytes: Uint8Array): number {
  let good = 0
  let bad = bytes.length
  while (good < bad) {
    const middle = (good + bad + 1) >> 1
    if (isUtf8(bytes.subarray(0, startOfCharacter(bytes, middle)))) good = middle
    else bad = middle - 1
  }
  return startOfCharacter(bytes, good)
}

/** Steps back over the continuation bytes of a character that `end` may cut, and over its first byte. */
function startOfCharacter(bytes: Uint8Array, end: number): number {
  for (let start = end - 1; start >= Math.max(0, end - 4); start--) {
    const byte = bytes[start]!
    if (byte < 0x80) return end
    if (byte >= 0xc0) return start + lengthOf(byte) === end ? end : start
  }
  return end
}

function lengthOf(first: number): number {
  if (first >= 0xf0) return 4
  return first >= 0xe0 ? 3 : 2
}
