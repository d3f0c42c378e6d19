import type { Identity } from '@regulars/contracts';

/** An enrolled person who could be who is seen. */
export interface Candidate {
  readonly customerId: string;
  /** Cosine distance of the view to the person's nearest template. */
  readonly distance: number;
}

/** What one view of a person says. */
export interface Vote {
  readonly atMs: number;
  readonly weight: number;
  /** Nearest person of the gallery, however far; null when nobody is enrolled. */
  readonly best: Candidate | null;
  /** Nearest other person. */
  readonly runnerUp: Candidate | null;
}

export interface IdentityRule {
  /** A vote counts for its nearest person below this distance. */
  readonly threshold: number;
  /** One vote below this distance is enough. */
  readonly certain: number;
  /** The runner-up must be further away than the best by this. */
  readonly margin: number;
  /** Votes for one person that agree. */
  readonly votes: number;
  /** Between the first and the last of them, milliseconds: views of one instant err together. */
  readonly spanMs: number;
  /** Share of all votes, by weight, that the winner needs. */
  readonly share: number;
  /** After so many views without a decision it is a stranger. */
  readonly strangerAfter: number;
}

/** That a person is a customer. */
export interface Claim {
  readonly customerId: string;
  /** Means over its votes. */
  readonly distance: number;
  readonly margin: number | null;
  readonly votes: number;
  /** Decided by more than the least that is asked for; what turns a stranger into somebody. */
  readonly isStrong: boolean;
}

/** How much more often the winner must be named than anybody else; a tie is no decision. */
const AHEAD = 2;

function marginOf({ best, runnerUp }: Vote): number {
  return best && runnerUp ? runnerUp.distance - best.distance : Infinity;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Who the votes together say it is; null when they do not agree enough.
 *  @param excluded customers whom it cannot be: another face of the same picture is theirs */
export function claimOf(
  votes: readonly Vote[],
  excluded: ReadonlySet<string>,
  rule: IdentityRule,
): Claim | null {
  const forPerson = new Map<string, Vote[]>();
  for (const vote of votes) {
    const { best } = vote;
    if (best === null || best.distance > rule.threshold || marginOf(vote) < rule.margin) continue;
    if (!excluded.has(best.customerId)) {
      forPerson.set(best.customerId, [...(forPerson.get(best.customerId) ?? []), vote]);
    }
  }
  const ranked = [...forPerson].sort(([, a], [, b]) => b.length - a.length);
  const [winner, second] = ranked;
  if (winner === undefined) return null;
  const [customerId, named] = winner;
  if (second !== undefined && named.length < AHEAD * second[1].length) return null;
  const weight = (some: readonly Vote[]) => some.reduce((sum, vote) => sum + vote.weight, 0);
  if (weight(named) < rule.share * weight(votes)) return null;
  const times = named.map((vote) => vote.atMs);
  const distances = named.map((vote) => vote.best?.distance ?? Infinity);
  const areMany = named.length >= rule.votes && Math.max(...times) - Math.min(...times) >= rule.spanMs;
  const isCertain = Math.min(...distances) <= rule.certain;
  if (!areMany && !isCertain) return null;
  const margins = named.map(marginOf);
  return {
    customerId,
    distance: mean(distances),
    margin: margins.includes(Infinity) ? null : mean(margins),
    votes: named.length,
    isStrong: isCertain || named.length > rule.votes,
  };
}

/** Who a person is from now on. Who is identified stays so; a stranger becomes somebody once, by a strong claim;
 *  without a claim it is a stranger after enough views.
 *  @param isLast no more views will come: whoever was judged at all is decided now */
export function decideIdentity(
  current: Identity,
  claim: Claim | null,
  judgedViews: number,
  rule: IdentityRule,
  { model, isLast = false }: { readonly model: string; readonly isLast?: boolean },
): Identity {
  if (current.kind === 'identified') return current;
  if (claim !== null && (current.kind === 'undecided' || claim.isStrong)) {
    const { customerId, distance, margin, votes } = claim;
    return { kind: 'identified', customerId, distance, margin, votes, model };
  }
  if (current.kind === 'stranger') return current;
  const isStranger = judgedViews >= (isLast ? 1 : rule.strangerAfter);
  return isStranger ? { kind: 'stranger', votes: judgedViews, model } : current;
}

/** A person before a camera who may be a customer. */
export interface Contender {
  readonly key: string;
  readonly identity: Identity;
  readonly claim: Claim | null;
}

/** Who may not be whom they claim to be, because somebody seen in the same frame is: one person has one face in
 *  a picture. Who is identified already keeps it; among others the one with more votes, then the nearer one.
 *  @param areApart whether two were seen in one frame
 *  @returns for each loser the customer */
export function settleRivalry(
  contenders: readonly Contender[],
  areApart: (a: string, b: string) => boolean,
): ReadonlyMap<string, string> {
  const settled = contenders.flatMap(({ key, identity }) =>
    identity.kind === 'identified' ? [{ key, customerId: identity.customerId }] : [],
  );
  const losers = new Map<string, string>();
  const open = contenders
    .filter(({ identity, claim }) => identity.kind !== 'identified' && claim !== null)
    .sort((a, b) => {
      const [one, other] = [a.claim as Claim, b.claim as Claim];
      return other.votes - one.votes || one.distance - other.distance || (a.key < b.key ? -1 : 1);
    });
  for (const { key, claim } of open) {
    const { customerId } = claim as Claim;
    const rival = settled.some((other) => other.customerId === customerId && areApart(other.key, key));
    if (rival) losers.set(key, customerId);
    else settled.push({ key, customerId });
  }
  return losers;
}
