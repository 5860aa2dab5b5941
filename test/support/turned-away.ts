interface Body {
  readonly commonHeader: { readonly eventType: string; readonly eventTimestamp: number; readonly uid: string };
  readonly data: { readonly convDetails?: { readonly convId: string }; readonly actionName?: string };
}

/** The greatest time of events (ms), as they are written in webhook bodies. */
export function lastTimeOf(bodies: readonly string[]): number {
  return bodies.reduce((last, body) => Math.max(last, (JSON.parse(body) as Body).commonHeader.eventTimestamp), 0);
}

/** At equal times agents turn away from one view before they turn to another, as the engine has it. */
function byTime(a: Body, b: Body): number {
  const focuses = ({ data }: Body): number => Number(data.actionName === 'FOCUS_CONV');
  return a.commonHeader.eventTimestamp - b.commonHeader.eventTimestamp || focuses(a) - focuses(b);
}

/** Bodies, and after them those with which agents turn away from every conversation that they still look at. */
export function turnedAway(bodies: readonly string[]): string[] {
  const focused = new Map<string, Body>();
  const inOrder = bodies.map((body) => JSON.parse(body) as Body).sort(byTime);
  for (const { commonHeader, data } of inOrder) {
    const id = data.convDetails?.convId ?? '';
    if (commonHeader.eventType !== 'AppActionEvent' || id === '') continue;
    if (data.actionName === 'FOCUS_CONV') focused.set(id, { commonHeader, data });
    else focused.delete(id);
  }
  const eventTimestamp = lastTimeOf(bodies) + 1;
  const last = [...focused.values()].map(({ commonHeader, data }) => ({
    commonHeader: { ...commonHeader, eventTimestamp, uid: `${commonHeader.uid}-away` },
    data: { ...data, actionName: 'UNFOCUS_CONV' },
  }));
  return [...bodies, ...last.map((body) => JSON.stringify(body))];
}
