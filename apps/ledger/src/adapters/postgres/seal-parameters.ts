import type { Seal } from '../../domain/seal.js';

/** The parameters of `ledger.seal_batch` behind the outcome, in its order. */
export function sealParameters({ previous, root, hash, blind, leaves }: Seal): string[] {
  return [bytes(previous), bytes(root), bytes(hash), bytes(blind), bytes(leaves.join(''))];
}

function bytes(hex: string): string {
  return `\\x${hex}`;
}
