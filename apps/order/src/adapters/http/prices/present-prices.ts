import type { PriceTerms, PriceVersion as VersionView } from '@stuiver/console-api';
import { isSamePerson } from '../../../domain/person.js';
import type { Prices } from '../../../domain/price-list.js';
import type { PriceVersion } from '../../../use-cases/prices/price-list-ports.js';
import { fromLine } from '../../postgres/price-rows.js';

export function presentTerms({ lines, onRefund }: Prices): PriceTerms {
  return { lines: lines.map(fromLine), onRefund };
}

/** @param names  of the staff that the ids stand for. @param reader  who looks: staff id, or null for an operator. */
export function presentVersion(
  version: PriceVersion,
  names: ReadonlyMap<string, string>,
  reader: string | null,
): VersionView {
  const { id, list, validFrom, maker, madeAt, decision } = version;
  const nameOf = (person: string): string => names.get(person) ?? person;
  return {
    ...{ versionId: id, list, validFrom: validFrom.toISOString(), ...presentTerms(version) },
    state: decision?.kind ?? 'proposed',
    maker: nameOf(maker),
    madeAt: madeAt.toISOString(),
    checker: decision === null ? null : nameOf(decision.checker),
    decidedAt: decision?.at.toISOString() ?? null,
    isMine: reader !== null && isSamePerson(reader, maker),
  };
}
