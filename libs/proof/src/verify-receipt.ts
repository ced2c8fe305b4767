import {
  batchText,
  chainText,
  checkpointText,
  commandText,
  metadataText,
  sideText,
  transferText,
} from './canonical.js';
import { leafText, rootFrom } from './merkle.js';
import type { Receipt, ReceiptTransfer } from './receipt.js';
import { hashNode, isSigned, keyIdOf, sha256 } from './webcrypto.js';

/** One thing that must hold, in the order in which they follow from each other. */
export interface Step {
  readonly what: string;
  readonly holds: boolean;
}

/**
 * Checks a receipt with nothing but itself and our public key (SPKI, PEM). It is good when every step holds.
 *
 * @throws Error when it is no receipt at all.
 */
export async function verifyReceipt(receipt: Receipt, publicKeyPem: string): Promise<Step[]> {
  const { command, batch, inclusion, checkpoint } = receipt;
  const steps: Step[] = [];
  const note = (what: string, holds: boolean): void => {
    steps.push({ what, holds });
  };
  const kind: string = receipt.kind;
  note('it is a receipt of version 1', kind === 'stuiver.receipt.v1');
  for (const transfer of receipt.transfers) {
    note(`transfer ${transfer.facts.seq} is the command’s`, await isOfCommand(transfer, receipt));
  }
  if (receipt.metadata !== null) {
    const { salt, fields } = receipt.metadata;
    const hash = await sha256(metadataText(salt, fields));
    note('the description is the one that was committed to', hash === command.metadata);
  }
  const leaf = await sha256(leafText(commandText(command)));
  const root = await rootFrom({ leaf, ...inclusion }, hashNode);
  const isCounted = String(inclusion.count) === batch.commandCount && command.batch === batch.no;
  note(`the command is in batch ${batch.no}`, isCounted && root === batch.root);
  const end = await chainedHash(receipt);
  const length = BigInt(checkpoint.batch) - BigInt(batch.no);
  const isLinked = length === BigInt(receipt.chain.length) && end === checkpoint.hash;
  note(`batch ${batch.no} leads to the checkpoint at batch ${checkpoint.batch}`, isLinked);
  const isOurs = (await keyIdOf(publicKeyPem)) === checkpoint.keyId;
  note(`the checkpoint names this key (${checkpoint.keyId})`, isOurs);
  const text = checkpointText(checkpoint);
  note('the checkpoint is signed', await isSigned(text, checkpoint.signature, publicKeyPem));
  return steps;
}

async function isOfCommand(
  { facts, debit, credit }: ReceiptTransfer,
  { command }: Receipt,
): Promise<boolean> {
  for (const side of ['debit', 'credit'] as const) {
    const opened = side === 'debit' ? debit : credit;
    if (opened !== null && (await sha256(sideText(opened))) !== facts[side]) return false;
  }
  const place = BigInt(facts.seq) - BigInt(command.firstSeq);
  const hash = await sha256(transferText(facts));
  const isNamed = facts.commandId === command.id && facts.batch === command.batch;
  return isNamed && command.transfers[Number(place)] === hash;
}

async function chainedHash({ previous, batch, chain }: Receipt): Promise<string> {
  let hash = previous;
  for (const link of [await sha256(batchText(batch)), ...chain]) {
    hash = await sha256(chainText(hash, link));
  }
  return hash;
}
