// Made by tools/types.mjs from src/service/openapi.json: do not edit.

/** Nanoseconds since 1970, UTC, as digits: more than a number holds exactly. */
export type Ns = string;

export type Severity = "low" | "medium" | "high" | "critical";

export type Maturity = "stable" | "incubating" | "sandbox";

export type AlertState = "open" | "ended" | "superseded" | "dismissed" | "confirmed";

export type CaseState = "new" | "assigned" | "investigating" | "waiting_report" | "closed_confirmed" | "closed_refuted" | "closed_inconclusive" | "reopened" | "merged";

export type MeasureState = "proposed" | "adopted" | "approved" | "applying" | "partly_applied" | "applied" | "releasing" | "released" | "release_failed" | "refused" | "withdrawn" | "reversed" | "expired";

export type MeasureKind = "warn" | "watch" | "require_report" | "require_kyc" | "block_withdrawal" | "limit_withdrawal" | "block_deposit" | "limit_deposit" | "freeze_funds" | "freeze_trading" | "freeze_account" | "close_only" | "close_by" | "liquidate" | "min_holding_time" | "restrict_access" | "suspend_access" | "restrict_login" | "ban_access" | "block_account" | "deactivate" | "forfeit_balance" | "deduct_gains" | "compensate" | "void_trades" | "terminate" | "suspend_instrument" | "cap_leverage" | "delist_instrument" | "custom";

export type GateAction = "register" | "login" | "api" | "place_order" | "open_position" | "reduce_position" | "cancel_order" | "withdraw" | "deposit" | "transfer" | "use_leverage";

export type Role = "viewer" | "analyst" | "approver" | "operator" | "administrator";

export type Side = "buy" | "sell";

export type Stuck = "overdue" | "failed" | "unacknowledged" | "no_exit" | "appeal";

export type DecisionKind = "adopt_proposal" | "propose" | "impose" | "withdraw_proposal" | "approve" | "refuse" | "lift" | "extend" | "set_amount" | "appeal_decide" | "assign" | "note" | "close_alert" | "attach_alert" | "detach_alert" | "merge_cases" | "close_case" | "reopen_case" | "snooze" | "unsnooze" | "link_confirm" | "link_refuse" | "raise_alert" | "grant_exemption" | "watch" | "publish_rulebook" | "publish_policy" | "set_automatic" | "reveal" | "mark_reported" | "approve_change" | "refuse_change" | "erase" | "hold" | "lift_hold" | "change_user" | "change_token" | "change_key";

export type Refusal = "missing_field" | "bad_value" | "unknown_user" | "not_allowed" | "unknown_alert" | "unknown_case" | "unknown_measure" | "unknown_change" | "wrong_state" | "own_proposal" | "own_decision" | "not_adopted" | "stale" | "needs_two" | "too_long" | "not_reversible" | "banned" | "locked" | "no_case" | "measures_open";

export type Error = {
  error: {
    code: string;
    message: string;
    field?: string;
    preview_seq?: number;
    preview_hash?: string;
  };
};

export type Fact = {
  name: string;
  value: string;
  limit?: string;
};

export type ScorePart = {
  name: string;
  points: number;
};

export type Money = {
  currency: string;
  amount: string;
};

export type BothTexts = {
  en: string;
  de: string;
};

export type Alert = {
  alert_id: string;
  revision: number;
  state: AlertState;
  detector: string;
  rulebook?: string;
  clause: string;
  severity: Severity;
  score: number;
  account_ids: string[];
  group_id?: string;
  instrument_id?: string;
  from_ts: Ns;
  to_ts: Ns;
  first_seq: number;
  last_seq: number;
  facts: Fact[];
  evidence: number[];
  evidence_count: number;
  score_parts: ScorePart[];
  gain: Money;
  maturity: Maturity;
  text?: BothTexts;
};

export type AlertContext = {
  case_id?: string;
  opened_ts: Ns;
  snoozed_until_ts?: Ns;
  confirmed_before: number;
  alerts_before: number;
  shadow: boolean;
  restricted: boolean;
};

export type AlertRevision = {
  revision: number;
  state: AlertState;
  score: number;
  seq: number;
  at_ts: Ns;
};

export type AlertView = {
  alert: Alert;
  context: AlertContext;
};

export type AlertDetail = {
  alert: Alert;
  context: AlertContext;
  revisions: AlertRevision[];
};

export type AlertList = {
  items: Alert[];
  next_cursor?: string;
  total?: number;
  context: Record<string, AlertContext>;
};

export type StoryRevision = {
  revision: number;
  state: AlertState;
  ts: Ns;
  seq: number;
};

export type StoryAccount = {
  account_id: string;
  person_id?: string;
  master_id?: string;
  desk_id?: string;
  country?: string;
  roles: string[];
};

export type LinkPart = {
  kind: string;
  what: string;
  value?: string;
  accounts: number;
  bits: string;
  counts: boolean;
};

export type LinkSum = {
  prior_bits: string;
  parts: LinkPart[];
  sum_bits: string;
  link_min_bits: string;
  probability_percent: string;
  verdict?: string;
};

export type StoryLink = {
  kind: "person" | "master" | "declared" | "evidence";
  name?: string;
  account_ids: string[];
  joins: boolean;
  sum?: LinkSum;
};

export type StoryEvent = {
  seq: number;
  ts: Ns;
  type: string;
  account_ids: string[];
  instrument_id?: string;
  side?: string;
  price?: string;
  quantity?: string;
  event: Record<string, unknown>;
};

export type BookOwner = {
  account_id: string;
  visible: string;
  total: string;
};

export type BookLevel = {
  price: string;
  visible: string;
  total: string;
  own_visible: string;
  own_total: string;
  orders: number;
  owners: BookOwner[];
};

export type Book = {
  moment?: "before" | "during" | "after" | "at";
  seq: number;
  ts: Ns;
  bid_levels: number;
  ask_levels: number;
  bids: BookLevel[];
  asks: BookLevel[];
};

export type GainLine = {
  seq: number;
  ts: Ns;
  account_id: string;
  kind: string;
  instrument_id?: string;
  source_account_id?: string;
  closed?: string;
  asset: string;
  amount: string;
  counted?: string;
  whole?: boolean;
};

export type Gain = {
  currency: string;
  amount: string;
  unwhole: number;
  left_out: number;
  lines: GainLine[];
  lines_not_shown: number;
  forgotten: Array<{
    account_id: string;
    until_ts: Ns;
  }>;
};

export type Story = {
  alert: Alert;
  revisions: StoryRevision[];
  accounts: StoryAccount[];
  links: StoryLink[];
  fragile: boolean;
  gain: Gain;
  events: StoryEvent[];
  events_left_out: number;
  book_instrument_id?: string;
  books: Book[];
};

export type BookStep = {
  seq: number;
  ts: Ns;
  event: StoryEvent;
  bids: BookLevel[];
  asks: BookLevel[];
};

export type BookReplay = {
  instrument_id: string;
  depth: number;
  book: Book;
  steps: BookStep[];
  previous_seq?: number;
  next_seq?: number;
};

export type StoryEventList = {
  items: StoryEvent[];
  next_cursor?: string;
  left_out: number;
};

export type MarketSeries = {
  instrument_id: string;
  from_ts: Ns;
  to_ts: Ns;
  trades: Array<{
    ts: Ns;
    price: string;
    quantity: string;
  }>;
  quotes: Array<{
    ts: Ns;
    bid?: string;
    ask?: string;
  }>;
  index: Array<{
    ts: Ns;
    price: string;
  }>;
  orders: Array<{
    order_id: string;
    account_id: string;
    side: Side;
    price?: string;
    quantity: string;
    filled: string;
    from_ts: Ns;
    to_ts?: Ns;
    first_seq: number;
    end: "filled" | "cancelled" | "replaced" | "resting";
  }>;
  fills: Array<{
    seq: number;
    ts: Ns;
    account_id: string;
    side: Side;
    price: string;
    quantity: string;
  }>;
  orders_left_out: number;
};

export type CaseNote = {
  seq: number;
  ts: Ns;
  user_id: string;
  text: string;
};

export type Case = {
  case_id: string;
  revision: number;
  state: CaseState;
  severity: Severity;
  account_ids: string[];
  group_ids: string[];
  alert_ids: string[];
  breaches: Array<{
    clause: string;
    detector: string;
  }>;
  opened_ts: Ns;
  last_alert_ts: Ns;
  due_ts: Ns;
  assignee_id?: string;
  notes: CaseNote[];
  measure_ids: string[];
  reason?: string;
  reported: boolean;
  report_ref?: string;
  merged_into?: string;
  gain?: Money;
};

export type CaseList = {
  items: Case[];
  next_cursor?: string;
  total?: number;
};

export type CaseDetail = {
  case: Case;
  alerts: Alert[];
  context: Record<string, AlertContext>;
  measures: Measure[];
  history: Outcome[];
};

export type Target = {
  account_id?: string;
  group_id?: string;
  account_ids?: string[];
  exclude?: string[];
  instrument_id?: string;
  device_id?: string;
  ip?: string;
  address?: string;
};

export type MeasurePlan = {
  kind: MeasureKind;
  clause?: string;
  target: Target;
  instrument_id?: string;
  amount?: string;
  asset?: string;
  held_min_s?: number;
  leverage_max?: string;
  channel?: string;
  kyc_level?: number;
  devices?: string[];
  actions?: GateAction[];
  text?: string;
  amount_of?: "loss" | "loss_entered";
  until_ts?: Ns;
  duration_s?: number;
  deadline_s?: number;
  trade_ids?: string[];
  legal_basis?: string;
  reason?: string;
};

export type LedgerEntry = {
  account_id: string;
  asset: string;
  amount: string;
};

export type Subject = {
  kind: "account" | "instrument" | "device" | "ip" | "address";
  id: string;
};

export type Measure = {
  measure_id: string;
  revision: number;
  state: MeasureState;
  case_id: string;
  alert_ids?: string[];
  amends?: "until" | "amount" | "members" | "release";
  amended?: string;
  measure: MeasurePlan;
  ladder_row?: string;
  ladder_step?: number;
  proposer_id: string;
  approver_id?: string;
  reviewer_id?: string;
  automatic: boolean;
  imposed: boolean;
  proposed_ts: Ns;
  in_force_ts?: Ns;
  until_ts?: Ns;
  deadline_ts?: Ns;
  review_due_ts?: Ns;
  account_ids: string[];
  unacknowledged: Subject[];
  failing: Subject[];
  jobs: Array<{
    account_id: string;
    step: string;
    undoing?: boolean;
    state: "waiting" | "applied" | "failed";
    attempt: number;
    entries?: LedgerEntry[];
    detail?: string;
  }>;
  claims?: LedgerEntry[];
  overdue: boolean;
  appeal?: "open" | "upheld" | "rejected";
  report?: string;
  history: Array<{
    seq: number;
    ts: Ns;
    user_id: string;
    what: string;
    state: MeasureState;
  }>;
};

export type MeasureList = {
  items: Measure[];
  next_cursor?: string;
  total?: number;
  stuck: Record<string, Stuck[]>;
};

export type MeasureDetail = {
  measure: Measure;
  history: Outcome[];
  stuck: Stuck[];
};

export type Restriction = {
  action: GateAction;
  instrument_id?: string;
  asset?: string;
  limit?: string;
  held_min_s?: number;
  devices?: string[];
  until_ts?: Ns;
  reason: MeasureKind;
  measure_id: string;
};

export type Position = {
  instrument_id: string;
  position_side?: "long" | "short";
  quantity: string;
  entry_price?: string;
};

export type Balance = {
  asset: string;
  total: string;
  available?: string;
};

export type Preview = {
  measure_id: string;
  preview_seq: number;
  preview_hash: string;
  accounts: Array<{
    account_id: string;
    country?: string;
    open_orders: number;
    positions: Position[];
    balances: Balance[];
    gain?: string;
    restrictions: Restriction[];
  }>;
  restrictions: Restriction[];
  gain_currency?: string;
  liquidation: Array<{
    account_id: string;
    instrument_id: string;
    side: Side;
    quantity: string;
    slices: number;
    depth?: string;
  }>;
  refused_before?: Array<{
    action: GateAction;
    count: number;
  }>;
};

export type Decision = {
  kind: DecisionKind;
  reason: string;
  measure_id?: string;
  alert_id?: string;
  alert_ids?: string[];
  case_id?: string;
  case_ids?: string[];
  change_id?: string;
  account_id?: string;
  group_id?: string;
  account_ids?: string[];
  instrument_id?: string;
  assignee_id?: string;
  clause?: string;
  rule?: string;
  step?: string;
  state?: string;
  outcome?: string;
  exemption_kind?: "market_making" | "hedging";
  from_ts?: Ns;
  to_ts?: Ns;
  until_ts?: Ns;
  amount?: string;
  reported?: boolean;
  shadow?: boolean;
  on?: boolean;
  preview_seq?: number;
  preview_hash?: string;
  ref?: string;
  token?: string;
  text?: string;
  target?: Target;
  measure?: MeasurePlan;
  totp?: string;
};

export type DecisionAnswer = {
  seq: number;
  accepted: boolean;
  case_id?: string;
  measure_id?: string;
  change_id?: string;
  preview_hash?: string;
  preview_seq?: number;
  value?: string;
};

export type Outcome = {
  seq: number;
  ts: Ns;
  user_id: string;
  kind: DecisionKind;
  result: "accepted" | "refused";
  reason?: Refusal;
  field?: string;
  case_id?: string;
  measure_id?: string;
  change_id?: string;
  preview_seq?: number;
  preview_hash?: string;
  said?: string;
};

export type Change = {
  change_id: string;
  kind: string;
  state: "pending" | "in_force" | "refused";
  user_id: string;
  ts: Ns;
  reason: string;
  decided_by?: string;
  decided_ts?: Ns;
  text?: string;
  clause?: string;
  step?: string;
  on?: boolean;
  account_id?: string;
  case_id?: string;
  token?: string;
  target_user_id?: string;
  role?: Role;
  disabled?: boolean;
  password?: boolean;
  totp?: boolean;
  token_id?: string;
  scopes?: string;
  source?: string;
  trusted?: boolean;
  key_id?: string;
};

export type Snooze = {
  rule: string;
  account_id?: string;
  group_id?: string;
  until_ts: Ns;
  reason: string;
  user_id: string;
  seq: number;
};

export type Group = {
  group_id: string;
  account_ids: string[];
  fragile: boolean;
  alerts: number;
  restricted: boolean;
};

export type GroupList = {
  items: Group[];
  next_cursor?: string;
  total?: number;
};

export type GroupEdge = {
  a: string;
  b: string;
  state: "declared" | "linked" | "suspected" | "confirmed" | "refused";
  kinds: string[];
  name?: string;
  weight_bits?: string;
  bridge: boolean;
  verdict?: string;
};

export type GroupDetail = {
  group_id: string;
  account_ids: string[];
  fragile: boolean;
  aliases: string[];
  edges: GroupEdge[];
  edges_left_out: number;
  alerts: Alert[];
  cases: Case[];
};

export type GroupWhy = {
  a: string;
  b: string;
  state: string;
  declared: Array<{
    kind: "person" | "master" | "declared";
    name: string;
  }>;
  prior_bits: string;
  parts: LinkPart[];
  sum_bits: string;
  link_min_bits: string;
  suspect_min_bits: string;
  probability_percent: string;
  verdict?: "confirmed" | "refused";
  refused_kinds?: string[];
  groups: Array<{
    account_id: string;
    group_id: string;
    fragile: boolean;
  }>;
};

export type AccountItem = {
  account_id: string;
  group_id?: string;
  alerts: number;
  restricted: boolean;
};

export type Account = {
  account_id: string;
  announced: boolean;
  person_id?: string;
  master_id?: string;
  referrer_id?: string;
  desk_id?: string;
  kyc_level?: number;
  country?: string;
  opened_ts?: Ns;
  roles: string[];
  group_id?: string;
  positions: Position[];
  balances: Balance[];
  restrictions: Restriction[];
  restrictions_revision: number;
  acknowledged_revision: number;
  devices: Array<{
    kind: "device" | "ip" | "user_agent" | "address";
    value: string;
    first_ts: Ns;
    accounts: number;
  }>;
  exemptions: Array<{
    kind: string;
    instrument_id?: string;
    until_ts: Ns;
  }>;
  open_orders: number;
  cases: Case[];
  alerts: Alert[];
  measures: Measure[];
};

export type TimelineItem = {
  seq: number;
  ts: Ns;
  kind: string;
  id?: string;
  state?: string;
  instrument_id?: string;
  text?: BothTexts;
  event?: Record<string, unknown>;
};

export type Instrument = {
  instrument_id: string;
  kind: "spot" | "perpetual" | "future";
  base: string;
  quote: string;
  tick_size: string;
  lot_size: string;
  status?: "trading" | "suspended" | "delisted";
  [more: string]: unknown;
};

export type MarketItem = {
  instrument_id: string;
  kind: string;
  status: "trading" | "suspended" | "delisted";
  book: "whole" | "gap";
  bid?: string;
  ask?: string;
  last_price?: string;
  last_ts?: Ns;
  index_price?: string;
  index_status?: "ok" | "stale" | "disturbed";
  mark_price?: string;
  leverage_max?: string;
  leverage_cap?: string;
  measure_ids: string[];
  alerts: number;
  stress_alert_ids: string[];
};

export type ParamValue = {
  name: string;
  value: string;
  default?: string;
  least?: string;
  most?: string;
};

export type Rule = {
  id: string;
  clause: string;
  kind: "rule" | "detector";
  severity: string;
  maturity: Maturity;
  window?: string;
  params: ParamValue[];
  text?: BothTexts;
};

export type Rulebook = {
  name: string;
  hash: string;
  shadow: boolean;
  since_seq?: number;
  since_ts?: Ns;
  user_id?: string;
  text: string;
  rules: Rule[];
};

export type Detector = {
  id: string;
  clause: string;
  claim: string;
  maturity: Maturity;
  in_force: boolean;
  params: ParamValue[];
  blind_spots: number;
};

export type Rules = {
  rulebooks: Rulebook[];
  detectors: Detector[];
  shipped: string[];
};

export type RulesCheck = {
  errors: Array<{
    line: number;
    key?: string;
    what: string;
  }>;
  rulebook?: string;
};

export type BacktestRequest = {
  rulebooks: string[];
  set?: string[];
  vary?: string;
  from_seq?: number;
};

export type WhatIfAlert = {
  alert_id: string;
  clause: string;
  detector: string;
  group_id?: string;
  account_ids: string[];
  instrument_id?: string;
  from_ts: Ns;
  to_ts: Ns;
  score: number;
  evidence_count: number;
};

export type WhatIf = {
  a: {
    name: string;
    rulebook: string;
  };
  b: {
    name: string;
    rulebook: string;
  };
  events: number;
  all: {
    a: number;
    b: number;
    only_a: number;
    both_a: number;
    both_b: number;
    only_b: number;
  };
  rules: Array<{
    clause: string;
    detector: string;
    a: number;
    b: number;
    only_a: number;
    both_a: number;
    both_b: number;
    only_b: number;
  }>;
  accounts: Array<{
    account_id: string;
    a: number;
    b: number;
    only_a: number;
    both_a: number;
    both_b: number;
    only_b: number;
  }>;
  only_a: WhatIfAlert[];
  only_b: WhatIfAlert[];
};

export type Varied = {
  rulebook: string;
  rule: string;
  param: string;
  events: number;
  values: Array<{
    value: string;
    alerts: number;
    accounts: number;
    events: number;
    alerts_all: number;
  }>;
};

export type Backtest = {
  backtest_id: string;
  state: "running" | "done" | "failed";
  progress_percent: number;
  error?: string;
  what_if?: WhatIf;
  varied?: Varied;
};

export type Policy = {
  text: string;
  hash: string;
  since_seq?: number;
  user_id?: string;
  steps: Array<{
    clause: string;
    step: string;
    source: "any" | "rule" | "detector";
    severity_min: Severity;
    count_min?: number;
    offence?: number;
    kind: MeasureKind;
    automatic: boolean;
    may_be_automatic: boolean;
  }>;
};

export type BlindSpot = {
  detector?: string;
  source?: string;
  what: "entries_max" | "gains" | "gap" | "book" | "other";
  times: number;
  from_ts: Ns;
  to_ts: Ns;
  from_seq?: number;
  to_seq?: number;
};

export type Counters = {
  clock_ts: Ns;
  last_seq: number;
  lag_ms: number;
  events_per_s: number;
  queue: number;
  alerts_open: number;
  cases_open: number;
  waiting_adoption: number;
  waiting_approval: number;
  stuck: number;
  changes_pending: number;
  blind_spots: number;
  gaps: number;
  alarms: number;
};

export type Overview = {
  version: string;
  started_ts: Ns;
  now_ts: Ns;
  counters: Counters;
  rates: Array<{
    ts: Ns;
    events: number;
    alerts: number;
  }>;
  alerts_by_clause: Array<{
    clause: string;
    detector: string;
    open: number;
    total: number;
    shadow: boolean;
  }>;
  events_by_type: Record<string, number>;
  rejected_by_reason: Record<string, number>;
  data_quality: Record<string, number>;
  sources: Array<{
    source: string;
    last_ts: Ns;
    last_source_seq?: number;
    events: number;
    rejected: number;
    gaps: number;
    missing: number;
    batches: number;
    repeated: number;
    repeated_batches: number;
    rejected_by_reason: Record<string, number>;
    events_per_s: number;
    received_ts?: Ns;
    silent_ms: number;
    silence_ms_max?: number;
    is_silent: boolean;
  }>;
  alarms: Alarm[];
  canary: Canary;
  blind_spots: BlindSpot[];
  shadow: string[];
  gate: {
    restricted: number;
    heartbeat_ts: Ns;
    blind: boolean;
  };
  webhook: {
    configured: boolean;
    waiting: number;
    oldest_ts?: Ns;
    failed: number;
    last_error?: string;
  };
};

export type Alarm = {
  kind: "source_silent" | "source_gap" | "canary_missed";
  about: string;
  what: string;
  begin_ts: Ns;
  end_ts?: Ns;
};

export type Canary = {
  running: boolean;
  ran_ts?: Ns;
  fired: number;
  missed: number;
  broken: number;
  untested: number;
  off: number;
  error?: string;
  results?: Array<{
    rulebook?: string;
    id: string;
    outcome: "fired" | "missed" | "broken" | "untested" | "off";
    scenario?: string;
    kept?: string[];
  }>;
};

export type RejectedLine = {
  rejected_id: string;
  received_ts: Ns;
  source: string;
  line: number;
  offset: number;
  reason: string;
  field?: string;
  head: string;
};

export type Health = {
  status: "ok" | "degraded" | "starting";
  version: string;
  checks: Array<{
    name: string;
    ok: boolean;
    what: string;
  }>;
};

export type GateAnswer = {
  answer: "allow" | "allow_reduce_only" | "deny";
  reason?: string;
  measure_id?: string;
};

export type Session = {
  user_id: string;
  role: Role;
  csrf_token: string;
  totp: boolean;
};

export type User = {
  user_id: string;
  role: Role;
  disabled: boolean;
  totp: boolean;
  created_ts: Ns;
  last_login_ts?: Ns;
};

export type UserChanged = {
  user: User;
  change_id?: string;
};

export type Token = {
  token_id: string;
  scope: "ingest" | "commands" | "read";
  source: string;
  trusted: boolean;
  types: string[];
  waits: boolean;
  created_ts: Ns;
  last_used_ts?: Ns;
};

export type Key = {
  kind: "webhook";
  key_id: string;
  state: "signs" | "previous" | "next";
  file: string;
};

export type Head = {
  kind: "head";
  seq: number;
  chain: string;
  signature: string;
  key: string;
};

export type AuditEntry = {
  audit_id: string;
  ts: Ns;
  user_id: string;
  kind: string;
  result: "accepted" | "refused";
  code?: string;
  field?: string;
  about?: string;
  seq?: number;
  reason?: string;
};

export type StorField = {
  name: string;
  row: BothTexts;
  part?: BothTexts;
  value: BothTexts;
  na_reason?: BothTexts;
};

export type StorPart = {
  account_ids?: string[];
  fields: StorField[];
};

export type OrderRecord = {
  seq: number;
  ts: Ns;
  type: string;
  account_id?: string;
  instrument_id?: string;
  side?: "buy" | "sell";
  order_type?: "limit" | "market" | "stop_limit" | "stop_market";
  time_in_force?: string;
  price?: string;
  trigger_price?: string;
  quantity?: string;
  quote_quantity?: string;
  display_quantity?: string;
  price_before?: string;
  quantity_before?: string;
  order_id?: string;
  new_order_id?: string;
  reason?: string;
  channel?: string;
  trade_id?: string;
  buyer_id?: string;
  seller_id?: string;
  maker_order_id?: string;
  taker_order_id?: string;
  kind?: string;
  asset?: string;
  amount?: string;
  tx_id?: string;
  address?: string;
  to_account_id?: string;
};

export type StorReport = {
  template: string;
  case_id: string;
  made_ts: Ns;
  last_seq: number;
  sections: Array<{
    number: number;
    title: BothTexts;
    parts: StorPart[];
  }>;
  evidence: OrderRecord[];
  evidence_left_out: number;
};

export type EnforcementReport = {
  month: string;
  cases: Array<{
    clause?: string;
    opened: number;
    open: number;
    closed_confirmed: number;
    closed_refuted: number;
    closed_inconclusive: number;
    reported: number;
    account_ids: number;
  }>;
  measures: Array<{
    kind?: MeasureKind;
    in_force: number;
    automatic: number;
    imposed: number;
    over: number;
    account_ids: number;
  }>;
};

/** Who may decide what. */
export const decisionRoles: Record<DecisionKind, readonly Role[]> = {
  adopt_proposal: ["analyst","approver"],
  propose: ["analyst","approver"],
  impose: ["analyst","approver"],
  withdraw_proposal: ["analyst","approver"],
  approve: ["approver"],
  refuse: ["approver"],
  lift: ["analyst","approver"],
  extend: ["analyst","approver"],
  set_amount: ["analyst","approver"],
  appeal_decide: ["approver"],
  assign: ["analyst","approver"],
  note: ["analyst","approver"],
  close_alert: ["analyst","approver"],
  attach_alert: ["analyst","approver"],
  detach_alert: ["analyst","approver"],
  merge_cases: ["analyst","approver"],
  close_case: ["analyst","approver"],
  reopen_case: ["analyst","approver"],
  snooze: ["analyst","approver"],
  unsnooze: ["analyst","approver"],
  link_confirm: ["analyst","approver"],
  link_refuse: ["analyst","approver"],
  raise_alert: ["analyst","approver"],
  grant_exemption: ["analyst","approver"],
  watch: ["analyst","approver"],
  publish_rulebook: ["operator"],
  publish_policy: ["administrator"],
  set_automatic: ["administrator"],
  reveal: ["approver"],
  mark_reported: ["analyst","approver"],
  approve_change: ["administrator"],
  refuse_change: ["administrator"],
  erase: ["approver"],
  hold: ["approver"],
  lift_hold: ["approver"],
  change_user: ["administrator"],
  change_token: ["administrator"],
  change_key: ["administrator"],
};

/** Who may ask for what; the others may be asked by every role. */
export const readRoles: Partial<Record<keyof GetAnswers, readonly Role[]>> = {
  "/v1/tokens": ["administrator"],
  "/v1/keys": ["administrator"],
  "/v1/head": ["viewer","analyst","approver","operator"],
  "/v1/alerts": ["viewer","analyst","approver","operator"],
  "/v1/alerts/{alert_id}": ["viewer","analyst","approver","operator"],
  "/v1/alerts/{alert_id}/story": ["viewer","analyst","approver","operator"],
  "/v1/alerts/{alert_id}/book": ["viewer","analyst","approver","operator"],
  "/v1/alerts/{alert_id}/events": ["viewer","analyst","approver","operator"],
  "/v1/alerts/{alert_id}/market": ["viewer","analyst","approver","operator"],
  "/v1/snoozes": ["viewer","analyst","approver","operator"],
  "/v1/cases": ["viewer","analyst","approver","operator"],
  "/v1/cases/{case_id}": ["viewer","analyst","approver","operator"],
  "/v1/measures": ["viewer","analyst","approver","operator"],
  "/v1/measures/{measure_id}": ["viewer","analyst","approver","operator"],
  "/v1/measures/{measure_id}/preview": ["viewer","analyst","approver","operator"],
  "/v1/groups": ["viewer","analyst","approver","operator"],
  "/v1/groups/{group_id}": ["viewer","analyst","approver","operator"],
  "/v1/groups/{group_id}/why": ["viewer","analyst","approver","operator"],
  "/v1/accounts": ["viewer","analyst","approver","operator"],
  "/v1/accounts/{account_id}": ["viewer","analyst","approver","operator"],
  "/v1/accounts/{account_id}/timeline": ["viewer","analyst","approver","operator"],
  "/v1/instruments": ["viewer","analyst","approver","operator"],
  "/v1/markets": ["viewer","analyst","approver","operator"],
  "/v1/rules": ["viewer","analyst","approver","operator"],
  "/v1/backtests/{backtest_id}": ["viewer","analyst","approver","operator"],
  "/v1/overview": ["viewer","analyst","approver","operator"],
  "/v1/rejected": ["operator"],
  "/v1/canary": ["viewer","analyst","approver","operator"],
  "/v1/gate": ["viewer","analyst","approver","operator"],
  "/v1/stream": ["viewer","analyst","approver","operator"],
  "/v1/reports/stor/{case_id}": ["analyst","approver"],
  "/v1/reports/enforcement": ["viewer","analyst","approver","operator"],
  "/v1/reports/orders": ["analyst","approver"],
  "/metrics": ["viewer","analyst","approver","operator"],
  "/v1/metrics": ["viewer","analyst","approver","operator"],
};

export interface GetAnswers {
  "/v1/session": Session;
  "/v1/users": {
    items: User[];
    next_cursor?: string;
  };
  "/v1/tokens": {
    items: Token[];
    next_cursor?: string;
  };
  "/v1/keys": {
    items: Key[];
  };
  "/v1/head": Head;
  "/v1/changes": {
    items: Change[];
    next_cursor?: string;
  };
  "/v1/alerts": AlertList;
  "/v1/alerts/{alert_id}": AlertDetail;
  "/v1/alerts/{alert_id}/story": Story;
  "/v1/alerts/{alert_id}/book": BookReplay;
  "/v1/alerts/{alert_id}/events": StoryEventList;
  "/v1/alerts/{alert_id}/market": MarketSeries;
  "/v1/snoozes": {
    items: Snooze[];
    next_cursor?: string;
  };
  "/v1/cases": CaseList;
  "/v1/cases/{case_id}": CaseDetail;
  "/v1/measures": MeasureList;
  "/v1/measures/{measure_id}": MeasureDetail;
  "/v1/measures/{measure_id}/preview": Preview;
  "/v1/groups": GroupList;
  "/v1/groups/{group_id}": GroupDetail;
  "/v1/groups/{group_id}/why": GroupWhy;
  "/v1/accounts": {
    items: AccountItem[];
    next_cursor?: string;
  };
  "/v1/accounts/{account_id}": Account;
  "/v1/accounts/{account_id}/timeline": {
    items: TimelineItem[];
    next_cursor?: string;
  };
  "/v1/instruments": {
    items: Instrument[];
    next_cursor?: string;
  };
  "/v1/markets": {
    items: MarketItem[];
    next_cursor?: string;
  };
  "/v1/rules": Rules;
  "/v1/backtests/{backtest_id}": Backtest;
  "/v1/policy": Policy;
  "/v1/audit": {
    items: AuditEntry[];
    next_cursor?: string;
  };
  "/v1/overview": Overview;
  "/v1/rejected": {
    items: RejectedLine[];
    next_cursor?: string;
  };
  "/v1/canary": Canary;
  "/v1/health": Health;
  "/v1/gate": GateAnswer;
  "/v1/stream": void;
  "/v1/reports/stor/{case_id}": StorReport;
  "/v1/reports/enforcement": EnforcementReport;
  "/v1/reports/orders": void;
  "/v1/openapi.json": Record<string, unknown>;
  "/metrics": void;
  "/v1/metrics": void;
}

export interface PostAnswers {
  "/v1/setup": Session;
  "/v1/login": Session;
  "/v1/logout": void;
  "/v1/totp": {
    secret: string;
    uri: string;
  };
  "/v1/totp/confirm": void;
  "/v1/password": void;
  "/v1/users": UserChanged;
  "/v1/users/{user_id}": UserChanged;
  "/v1/tokens": {
    token_id: string;
    token: string;
    change_id?: string;
  };
  "/v1/keys": Key;
  "/v1/keys/{key_id}": {
    key_id: string;
    change_id?: string;
  };
  "/v1/events": {
    accepted: number;
    rejected: number;
    last_seq: number;
  };
  "/v1/decisions": DecisionAnswer;
  "/v1/rules/check": RulesCheck;
  "/v1/backtests": {
    backtest_id: string;
  };
  "/v1/canary": {
  };
}

export interface PostBodies {
  "/v1/setup": {
    token: string;
    user_id: string;
    password: string;
  };
  "/v1/login": {
    user_id: string;
    password: string;
    totp?: string;
  };
  "/v1/logout": undefined;
  "/v1/totp": {
    password_now: string;
    totp?: string;
  };
  "/v1/totp/confirm": {
    totp: string;
  };
  "/v1/password": {
    password_now: string;
    password: string;
    totp?: string;
  };
  "/v1/users": {
    user_id: string;
    role: Role;
    password: string;
    reason?: string;
  };
  "/v1/users/{user_id}": {
    role?: Role;
    disabled?: boolean;
    password?: string;
    totp?: false;
    reason?: string;
  };
  "/v1/tokens": {
    scope: "ingest" | "commands" | "read";
    source?: string;
    trusted?: boolean;
    reason?: string;
  };
  "/v1/keys": {
    kind: "webhook";
  };
  "/v1/keys/{key_id}": {
    reason?: string;
  };
  "/v1/events": undefined;
  "/v1/decisions": Decision;
  "/v1/rules/check": {
    text: string;
  };
  "/v1/backtests": BacktestRequest;
  "/v1/canary": undefined;
}

export interface DeleteAnswers {
  "/v1/tokens/{token_id}": void;
}
