/** Every bound of the kernel, in one place. Nothing in it grows without one. */
export const BOUNDS = {
  /** Commands and queries that wait at one agent; the newest beyond it is refused to its sender. */
  mailbox: 1_000,
  /** Requests from outside that wait to come in; beyond it they are refused. */
  door: 1_000,
  /** Requests from outside that come in between two drains, live. */
  requestsPerDrain: 24,
  /** Messages in the control lane; overflowing it fails the agent. */
  controlLane: 1_000,
  /** Messages that wait at one agent before news of ports are refused, which tell them again. */
  deliveries: 10_000,
  /** Market messages of which an agent sees every one and that wait for it; more of them fail the agent. */
  ticks: 100_000,
  /** Facts that wait in memory at one agent; beyond it the agent reads pages of the table instead. */
  factBacklog: 50_000,
  /** Messages that one entity keeps for later. */
  stash: 16,
  /** Crashes by the same message before it is parked (a command) or its reader stays down (a fact). */
  poisonCrashes: 3,
  /** Turns of one agent before the next ready agent is picked, live; simulated worlds pick after every turn. */
  turnsPerPick: 64,
  /** Turns that share one reading of market time, at most; a pick of a simulated world begins with its own. */
  turnsPerReading: 16,
  /** Of so many turns one is timed for operators; a prime, so that no pattern of turns hides from it. */
  turnsPerTiming: 61,
  /** Turns in one go before the process serves sockets and timers again. */
  turnsPerSlice: 2_000,
  /** Records that are not yet durable; beyond it requests from outside are refused. */
  uncommittedRecords: 20_000,
  /** How long a group with releases stays open, for their outcomes to travel with them: as long as the last commit took, within these two. */
  releaseWaitMs: 5,
  releaseWaitMaxMs: 25,
  /** So many records that gather during a commit are committed at its ack, before what the ack sets off. */
  crowdRecords: 32,
  /** Records in one commit. */
  groupRecords: 4_000,
  /** How far the stored cursor of an agent may lag behind what it has read without changing. */
  cursorLag: 250,
  /** Committed records kept in memory for late readers; older ones come from the table. More of them only age in memory. */
  recentRecords: 250,
  /** Turns that are committed one by one after the database refused a group for its data; four times as many with each further search. */
  carefulTurns: 1_000,
  /** Within this period: searches for the turn that is to blame, and refusals that nothing can be parked for; one more and the house gives up. */
  refusalsPeriodMs: 600_000,
  searches: 4,
  refusals: 5,
  /** Refused messages from inside that are not run again within that period. */
  refusedKept: 100,
  /** Tries of an effect whose run was rejected, and the first delay between them. */
  effectTries: 5,
  effectRetryMs: 200,
  /** Wait of a release while its agent still has to read facts. */
  catchUpRetryMs: 10,
  /** Pages of records read at a start. */
  recordsPage: 5_000,
  /** Rows of entities that sleep: read in one go because they have to wake soon, and looked up in one go because somebody asks for them. */
  sleepersPage: 1_000,
  sleepersAsked: 100,
  deadLettersKept: 200,
  /** Facts of a type, in one life of the house, that are held against their schema before they are recorded; in simulated worlds all are. */
  checkedFacts: 16,
  /** Microsteps of one machine in one turn. */
  maxIterations: 1_000,
  askDeadlineMs: 10_000,
  reconnectMinMs: 100,
  reconnectMaxMs: 5_000,
} as const;

/** Bounds of jobs (`jobs.ts`). */
export const JOB_BOUNDS = {
  /** Jobs that wait in this process; beyond it more are refused. */
  waiting: 1_000,
  payloadChars: 262_144,
  stateChars: 8_388_608,
  outputChars: 8_388_608,
  partsPage: 1_000,
  /** A running job is saved this often, and gives a sign of life. */
  saveEveryMs: 1_000,
  /** A job that has not obeyed by then is ended from outside. */
  stopGraceMs: 5_000,
  /** Wait before a failed try is repeated; doubles with each try. */
  retryMinMs: 500,
  retryMaxMs: 60_000,
  /** How often rows are looked at where no word comes by itself. */
  pollMs: 250,
  /** A waiting job is queued again this often, in case that the queue has lost it. */
  queueAgainMs: 5_000,
  /** A running job without a sign of life for so long is given to another worker. */
  deadAfterMs: 15_000,
} as const;
