import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { leafText, pathOf, rootFrom, rootOf } from './index.js';

const hashNode = (left: string, right: string): string =>
  createHash('sha256')
    .update(Buffer.from(`01${left}${right}`, 'hex'))
    .digest('hex');
const hashLater = (left: string, right: string): Promise<string> =>
  Promise.resolve(hashNode(left, right));
const leafOf = (bytes: string): string =>
  createHash('sha256')
    .update(Buffer.from(leafText(''), 'latin1'))
    .update(Buffer.from(bytes, 'hex'))
    .digest('hex');

/** The inputs of Certificate Transparency's own tests, and the roots of their trees. */
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map(leafOf);
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('a tree of batch', () => {
  it.each(ROOTS.map((root, index) => ({ count: index + 1, root })))(
    'of $count leaves has the root of RFC 6962',
    ({ count, root }) => {
      expect(rootOf(LEAVES.slice(0, count), hashNode)).toBe(root);
    },
  );

  it('leads from every leaf to its root, and from no other place', async () => {
    for (let count = 1; count <= LEAVES.length; count += 1) {
      const leaves = LEAVES.slice(0, count);
      for (const [index, leaf] of leaves.entries()) {
        const path = pathOf(leaves, index, hashNode);
        expect(await rootFrom({ leaf, index, count, path }, hashLater)).toBe(ROOTS[count - 1]);
        for (let other = 0; other < count; other += 1) {
          if (other === index) continue;
          const moved = await rootFrom({ leaf, index: other, count, path }, hashLater);
          expect(moved).not.toBe(ROOTS[count - 1]);
        }
        const longer = { leaf, index, count, path: [...path, leaf] };
        expect(await rootFrom(longer, hashLater)).toBeUndefined();
        expect(await rootFrom({ leaf, index: count, count, path }, hashLater)).toBeUndefined();
      }
    }
  });
});
