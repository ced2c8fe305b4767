/** Subjects worked on side by side; within one, order holds. */
const SUBJECTS_AT_ONCE_MAX = 8;

export interface LaneFailure<Message> {
  readonly message: Message;
  readonly error: unknown;
}

/**
 * Works on messages in order per subject and side by side across subjects. A lane ends at its first failure.
 *
 * @returns where and why lanes ended early.
 */
export async function workLanes<Message extends { readonly subject: string }>(
  messages: readonly Message[],
  work: (message: Message) => Promise<void>,
): Promise<readonly LaneFailure<Message>[]> {
  const queue = [...lanesOf(messages)];
  const failures: LaneFailure<Message>[] = [];
  const worker = async (): Promise<void> => {
    for (let lane = queue.shift(); lane !== undefined; lane = queue.shift()) {
      for (const message of lane) {
        try {
          await work(message);
        } catch (error) {
          failures.push({ message, error });
          break;
        }
      }
    }
  };
  await Promise.all(Array.from({ length: SUBJECTS_AT_ONCE_MAX }, worker));
  return failures;
}

function lanesOf<Message extends { readonly subject: string }>(
  messages: readonly Message[],
): Iterable<Message[]> {
  const lanes = new Map<string, Message[]>();
  for (const message of messages) {
    const lane = lanes.get(message.subject);
    if (lane === undefined) lanes.set(message.subject, [message]);
    else lane.push(message);
  }
  return lanes.values();
}
