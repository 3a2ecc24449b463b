const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '>': '&gt;',
  '<': '&lt;',
  "'": '&#39;',
  '"': '&#34;',
}

/** Text in which nothing is markup, by the entities that Jinja writes. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&><'"]/g, (character) => ENTITIES[character]!)
}
