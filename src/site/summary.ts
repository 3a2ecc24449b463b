/** How much of a description stands in lists. */
const LENGTH = 160

/** The beginning of a Markdown text as plain text in one line. */
export function summaryOf(markdown: string): string {
  const [paragraph = ''] = markdown.trim().split(/\n\s*\n/)
  const plain = paragraph
    .replace(/^#+\s+/gm, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*]|(?<!\w)_|_(?!\w)/g, '')
    .replace(/\s+/g, ' ')
  if (plain.length <= LENGTH) return plain
  return `${plain.slice(0, plain.lastIndexOf(' ', LENGTH) + 1 || LENGTH).trimEnd()}…`
}
