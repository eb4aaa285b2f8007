/** Who looks on as a simulated database is asked for commits, and what becomes of each. Looking on changes nothing. */
import type { Group } from '../../runtime/store.ts';

/** A commit has landed, or never will (`lost`); `over`: who asked for it has heard of it, or is dead. */
export type TellOfCommit = (news: 'landed' | 'lost' | 'over') => void;

/** `connection` counts the connections that were ever made; what is returned hears what becomes of the commit. */
export type CommitWatch = (group: Group, connection: number) => TellOfCommit;
