export interface XmlNode {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: string | readonly XmlNode[];
}

export function element(
  tag: string,
  content: XmlNode['content'],
  attributes: XmlNode['attributes'] = {},
): XmlNode {
  return { tag, attributes, content };
}

/** One element a line, two spaces a level, line feeds, a line feed at the end: always the same bytes. */
export function printXml(root: XmlNode): string {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>'];
  print(root, '', lines);
  return `${lines.join('\n')}\n`;
}

function print(node: XmlNode, indent: string, lines: string[]): void {
  const attributes = Object.entries(node.attributes)
    .map(([name, value]) => ` ${name}="${escape(value)}"`)
    .join('');
  if (typeof node.content === 'string') {
    lines.push(`${indent}<${node.tag}${attributes}>${escape(node.content)}</${node.tag}>`);
    return;
  }
  lines.push(`${indent}<${node.tag}${attributes}>`);
  for (const child of node.content) print(child, `${indent}  `, lines);
  lines.push(`${indent}</${node.tag}>`);
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
