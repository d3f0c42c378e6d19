import { tailShift, type FaceScoring } from '@regulars/vision';
import { identityRule, predictedRate, type LimitedBy, type Operating } from './threshold.js';
import type { IdentityRule } from './identity.js';

/** Passes of people in a week that are taken for granted until a week was measured. */
export const ASSUMED_PASSES_A_WEEK = 1_000;
/** A shop in which fewer pass is taken for one in which so many do. */
const LEAST_PASSES_A_WEEK = 100;
/** However much is tolerated, no more than one stranger in fifty. */
const HIGHEST_FPIR = 0.02;
const WEEK_DAYS = 7;

/** What was counted of one day. */
export interface DayTally {
  /** Passes of people who were judged. */
  readonly passes: number;
  /** Of these, how many came within the threshold of somebody else than who they were taken for. */
  readonly near: number;
  /** Sum of the chances, as predicted at the time, that a pass would. */
  readonly expected: number;
  /** Recognitions that an operator said were wrong. */
  readonly denied: number;
}

/** Passes that a week will have.
 *  @param days the last seven and today, those before the first pass left out */
export function passesAWeek(days: readonly DayTally[]): number {
  const passes = days.reduce((sum, day) => sum + day.passes, 0);
  const measured = (passes / Math.max(1, days.length)) * WEEK_DAYS;
  const assumed = days.length < WEEK_DAYS ? ASSUMED_PASSES_A_WEEK : LEAST_PASSES_A_WEEK;
  return Math.max(measured, assumed);
}

/** Share of passes that may be taken for somebody else. */
export function tolerableRate(wrongPerWeek: number, passes: number): number {
  return Math.min(HIGHEST_FPIR, wrongPerWeek / passes);
}

/** What identifications are decided by now. */
export interface BudgetState {
  readonly rule: IdentityRule;
  readonly limitedBy: LimitedBy;
  readonly operating: Operating;
  /** Chance that a pass of somebody who is not enrolled is taken for somebody. */
  readonly predictedFpir: number;
  readonly passesPerWeek: number;
}

export interface BudgetInputs {
  readonly wrongPerWeek: number;
  readonly passesPerWeek: number;
  readonly people: number;
  readonly templates: number;
  readonly own: Parameters<typeof tailShift>[1]['own'];
}

/** The threshold and what it promises, from what is tolerated and what was measured. */
export function budgetState(scoring: FaceScoring, inputs: BudgetInputs): BudgetState {
  const { wrongPerWeek, passesPerWeek, people, templates, own } = inputs;
  const templatesPerPerson = people > 0 ? templates / people : 1;
  const shift = tailShift(scoring.templates, { people, templatesPerPerson, own });
  const operating = { people, shift, fpir: tolerableRate(wrongPerWeek, passesPerWeek) };
  const { limitedBy, ...rule } = identityRule(scoring, operating);
  const predictedFpir = predictedRate(scoring, rule.threshold, operating);
  return { rule, limitedBy, operating, predictedFpir, passesPerWeek };
}
