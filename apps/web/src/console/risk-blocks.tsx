import type { BlockKind, BlockShown } from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import { change } from './api.js';
import { Confirm, Field } from './confirm.js';
import { Shown, Table, When } from './parts.js';
import { rw } from './risk-words.js';
import { useAsked } from './use-asked.js';

const BLOCKS = '/console/risk/blocks';

/** Whom we do not serve: one is added and taken away with a reason. */
export function Blocks() {
  const w = rw.value;
  const asked = useAsked<{ items: readonly BlockShown[] }>(BLOCKS);
  const [adding, setAdding] = useState(false);
  return (
    <section>
      <h2>{w.blocks}</h2>
      <p class="soft">{w.blocksHint}</p>
      <Shown asked={asked}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="soft empty">{w.noBlocks}</p>
          ) : (
            <Table
              caption={w.blocks}
              heads={[w.kind, w.value, w.note, w.since, w.by, w.lift]}
              rows={items.map((block) => ({
                key: `${block.kind}:${block.value}`,
                cells: [
                  w.kinds[block.kind],
                  block.value,
                  block.reason,
                  <When key="since" at={block.blockedAt} />,
                  block.blockedBy,
                  <Lift key="lift" block={block} onDone={asked.again} />,
                ],
              }))}
            />
          )
        }
      </Shown>
      <button
        type="button"
        onClick={() => {
          setAdding(true);
        }}
      >
        {w.block}
      </button>
      {adding && (
        <AddBlock
          onDone={asked.again}
          onClose={() => {
            setAdding(false);
          }}
        />
      )}
    </section>
  );
}

function AddBlock({ onDone, onClose }: { onDone: () => void; onClose: () => void }) {
  const w = rw.value;
  const [kind, setKind] = useState<BlockKind>('person');
  const [value, setValue] = useState('');
  const [reason, setReason] = useState('');
  return (
    <Confirm
      title={w.block}
      consequence={w.blockSure}
      action={w.block}
      onConfirm={async () => {
        await change(BLOCKS, { kind, value: value.trim(), reason: reason.trim() });
        onDone();
      }}
      onClose={onClose}
    >
      <label class="field">
        {w.kind}
        <select
          value={kind}
          onChange={(event) => {
            setKind(event.currentTarget.value as BlockKind);
          }}
        >
          {Object.entries(w.kinds).map(([each, word]) => (
            <option key={each} value={each}>
              {word}
            </option>
          ))}
        </select>
      </label>
      <Field label={w.value} value={value} onInput={setValue} />
      <Field label={w.note} hint={w.noteHint} value={reason} onInput={setReason} />
    </Confirm>
  );
}

function Lift({ block, onDone }: { block: BlockShown; onDone: () => void }) {
  const w = rw.value;
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const { kind, value } = block;
  return (
    <>
      <button
        type="button"
        class="quiet"
        onClick={() => {
          setOpen(true);
        }}
      >
        {w.lift}
      </button>
      {open && (
        <Confirm
          title={`${w.lift}: ${value}`}
          consequence={w.liftSure}
          action={w.lift}
          onConfirm={async () => {
            await change(`${BLOCKS}/lift`, { kind, value, reason: reason.trim() });
            onDone();
          }}
          onClose={() => {
            setOpen(false);
          }}
        >
          <Field label={w.note} hint={w.noteHint} value={reason} onInput={setReason} />
        </Confirm>
      )}
    </>
  );
}
