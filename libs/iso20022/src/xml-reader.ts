import { TextDecoder } from 'node:util';
import sax from 'sax';
import { Refusal } from '@stuiver/errors';

/** An element as it was read. Names carry no prefix; the namespace was checked. */
export interface XmlElement {
  readonly name: string;
  /** Where it stands, such as `Document/BkToCstmrStmt/Stmt[1]/Ntry[3]`: what a refusal names. */
  readonly path: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** In the order of the file, without those that were handed over. */
  readonly children: readonly XmlElement[];
  readonly text: string;
}

export interface XmlRules {
  /** One of these is the root's, and every element that is kept is of the same. */
  readonly namespaces: readonly string[];
  readonly bytesMax: number;
  /** Elements of these names are given to `take` when they end, and are not kept: what may be many. */
  readonly handedOver: ReadonlySet<string>;
  /** @param ancestors  from the root inward; of these, what stands before the element has been read. */
  readonly take: (element: XmlElement, ancestors: readonly XmlElement[]) => void;
}

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  readonly seen: Map<string, number>;
  text: string;
}

/** Elements kept at one time. One line of a statement, or one transfer, has some tens. */
const ELEMENTS_MAX = 100_000;
const DEPTH_MAX = 40;
/** The longest text of the messages read here has 500 characters. */
const TEXT_CHARACTERS_MAX = 20_000;
const LAYOUT = /^[ \t\r\n]*$/;
const CHUNK_BYTES = 64 * 1024;
/** Names with their namespaces; no entity but XML's own five (the second is not in the package's types). */
const PARSER = { xmlns: true, strictEntities: true };

/**
 * Reads an XML file as a stream. There is no DOCTYPE, so no entity but XML's own five, no instruction, no encoding but
 * UTF-8.
 *
 * @throws Refusal PARAM_ERROR naming element and rule; BODY_TOO_LARGE.
 */
export function readXml(xml: Uint8Array, rules: XmlRules): XmlElement {
  if (xml.byteLength > rules.bytesMax) {
    throw new Refusal('BODY_TOO_LARGE', { rule: `at most ${rules.bytesMax} bytes` });
  }
  const reading = new Reading(rules);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for (let at = 0; at < xml.byteLength; at += CHUNK_BYTES) {
    const last = at + CHUNK_BYTES >= xml.byteLength;
    reading.write(decoded(decoder, xml.subarray(at, at + CHUNK_BYTES), last));
  }
  return reading.end();
}

/** Refuses the file: this element, for this rule. */
export function refuse(field: string, rule: string): never {
  throw new Refusal('PARAM_ERROR', { field, rule });
}

class Reading {
  private readonly open: OpenElement[] = [];
  private readonly parser = sax.parser(true, PARSER);
  private namespace: string | undefined;
  private root: XmlElement | undefined;
  private kept = 0;
  /** How many unread elements (of another namespace) we are inside of. */
  private foreign = 0;

  constructor(private readonly rules: XmlRules) {
    this.parser.onerror = ({ message }) => refuse(this.path(), `is well-formed XML: ${message}`);
    this.parser.ondoctype = () => refuse('DOCTYPE', 'is not taken');
    this.parser.onsgmldeclaration = () => refuse(this.path(), 'holds no declaration');
    this.parser.onprocessinginstruction = (node) => {
      checkInstruction(node);
    };
    this.parser.onopentag = (tag) => {
      this.begin(tag as sax.QualifiedTag);
    };
    this.parser.ontext = (text) => {
      this.addText(text);
    };
    this.parser.oncdata = (text) => {
      this.addText(text);
    };
    this.parser.onclosetag = () => {
      this.finish();
    };
  }

  write(text: string): void {
    this.parser.write(text);
  }

  end(): XmlElement {
    this.parser.close();
    return this.root ?? refuse('Document', 'must be there');
  }

  private begin(tag: sax.QualifiedTag): void {
    this.namespace ??= this.chosenNamespace(tag.uri);
    if (this.foreign > 0 || tag.uri !== this.namespace) {
      this.foreign += 1;
      return;
    }
    if (this.open.length >= DEPTH_MAX) refuse(this.path(), `is at most ${DEPTH_MAX} deep`);
    this.kept += 1;
    if (this.kept > ELEMENTS_MAX) refuse(this.path(), `holds at most ${ELEMENTS_MAX} elements`);
    this.open.push(opened(tag, this.open.at(-1)));
  }

  private chosenNamespace(uri: string): string {
    if (this.rules.namespaces.includes(uri)) return uri;
    return refuse('Document', `must be of namespace ${this.rules.namespaces.join(' or ')}`);
  }

  private addText(text: string): void {
    const element = this.open.at(-1);
    if (element === undefined || this.foreign > 0) return;
    // Between children it is layout, of which a statement with many lines has much.
    if (element.seen.size > 0 && LAYOUT.test(text)) return;
    element.text += text;
    if (element.text.length > TEXT_CHARACTERS_MAX) {
      refuse(element.path, `has at most ${TEXT_CHARACTERS_MAX} characters`);
    }
  }

  private finish(): void {
    if (this.foreign > 0) {
      this.foreign -= 1;
      return;
    }
    const element = this.open.pop();
    if (element === undefined) return;
    if (this.rules.handedOver.has(element.name)) {
      this.rules.take(element, this.open);
      this.kept -= sizeOf(element);
      return;
    }
    const parent = this.open.at(-1);
    if (parent === undefined) this.root = element;
    else parent.children.push(element);
  }

  private path(): string {
    return this.open.at(-1)?.path ?? 'Document';
  }
}

function opened(tag: sax.QualifiedTag, parent: OpenElement | undefined): OpenElement {
  const count = (parent?.seen.get(tag.local) ?? 0) + 1;
  parent?.seen.set(tag.local, count);
  const step = isCounted(tag.local) ? `${tag.local}[${count}]` : tag.local;
  return {
    name: tag.local,
    path: parent === undefined ? step : `${parent.path}/${step}`,
    attributes: attributesOf(tag),
    children: [],
    seen: new Map(),
    text: '',
  };
}

/** What a message repeats without end is told apart by its number. */
function isCounted(name: string): boolean {
  return ['Stmt', 'Ntry', 'TxDtls', 'PmtInf', 'CdtTrfTxInf', 'TxInfAndSts'].includes(name);
}

function attributesOf(tag: sax.QualifiedTag): Map<string, string> {
  return new Map(Object.entries(tag.attributes).map(([name, { value }]) => [name, value]));
}

function sizeOf(element: XmlElement): number {
  return element.children.reduce((size, child) => size + sizeOf(child), 1);
}

function checkInstruction({ name, body }: { name: string; body: string }): void {
  if (name !== 'xml') refuse('Document', 'holds no processing instruction');
  const encoding = /encoding\s*=\s*["']([^"']*)["']/.exec(body)?.[1] ?? 'UTF-8';
  if (encoding.toUpperCase() !== 'UTF-8') refuse('Document', 'must be encoded in UTF-8');
}

function decoded(decoder: TextDecoder, bytes: Uint8Array, last: boolean): string {
  try {
    return decoder.decode(bytes, { stream: !last });
  } catch {
    return refuse('Document', 'must be encoded in UTF-8');
  }
}
