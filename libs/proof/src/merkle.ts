/*
 * The tree of RFC 6962, §2.1: a leaf is hashed behind 0x00, a node behind 0x01, and a left branch is always full. Hashes
 * are 64 hex digits.
 */

/** SHA-256 over 0x01 and the bytes of both hashes. */
export type HashNode = (left: string, right: string) => string;

/** The text whose SHA-256 (in UTF-8) is the leaf's hash. */
export function leafText(text: string): string {
  return `\0${text}`;
}

/** @param leaves  hashes of the leaves, at least one. */
export function rootOf(leaves: readonly string[], hashNode: HashNode): string {
  let level = leaves;
  while (level.length > 1) level = above(level, hashNode);
  return level[0] ?? '';
}

/** What a leaf must be hashed together with, from the bottom up, to arrive at the root. */
export function pathOf(
  leaves: readonly string[],
  index: number,
  hashNode: HashNode,
): readonly string[] {
  const path: string[] = [];
  let level = leaves;
  for (let at = index; level.length > 1; at = Math.floor(at / 2)) {
    const sibling = level[at % 2 === 0 ? at + 1 : at - 1];
    if (sibling !== undefined) path.push(sibling);
    level = above(level, hashNode);
  }
  return path;
}

/** The root that leaf and path lead to; undefined when the path is not as long as that place in the tree asks for. */
export async function rootFrom(
  proof: {
    readonly leaf: string;
    readonly index: number;
    readonly count: number;
    readonly path: readonly string[];
  },
  hashNode: (left: string, right: string) => Promise<string>,
): Promise<string | undefined> {
  const path = [...proof.path];
  let hash = proof.leaf;
  let at = proof.index;
  for (let count = proof.count; count > 1; count = Math.ceil(count / 2)) {
    const isAlone = at % 2 === 0 && at === count - 1;
    if (!isAlone) {
      const sibling = path.shift();
      if (sibling === undefined) return undefined;
      hash = await (at % 2 === 0 ? hashNode(hash, sibling) : hashNode(sibling, hash));
    }
    at = Math.floor(at / 2);
  }
  return path.length === 0 && proof.index < proof.count ? hash : undefined;
}

/** The one without a sibling goes up as it is. */
function above(level: readonly string[], hashNode: HashNode): readonly string[] {
  const next: string[] = [];
  for (let at = 0; at < level.length; at += 2) {
    const left = level[at] ?? '';
    const right = level[at + 1];
    next.push(right === undefined ? left : hashNode(left, right));
  }
  return next;
}
