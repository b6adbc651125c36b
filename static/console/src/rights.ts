// Which roles see which doors, after the permission table of server/people/access.py. The server is what decides.
const COMMITTEE = ["committee_member", "committee_head"];
const GRID = ["grid_worker", "grid_leader", "chief_grid_leader"];
const ABOVE = ["township_officer", "county_officer"];
const OVERSIGHT = ["supervisor", "auditor"];
const OFFICE = [...COMMITTEE, ...ABOVE, "admin"];
const VILLAGE = [...GRID, ...COMMITTEE, "panel_member"];

export const MANAGES = {
  households: [...VILLAGE, ...OVERSIGHT, ...ABOVE, "keeper", "admin"],
  householdFile: [...GRID, ...COMMITTEE, "admin"],
  householdChange: [...COMMITTEE, "admin"],
  import: [...COMMITTEE, "admin"],
  grids: [...COMMITTEE, ...ABOVE, "admin"],
  gridsRead: [...VILLAGE, ...OFFICE, ...OVERSIGHT],
  plates: [...COMMITTEE, "admin"],
  settings: [...VILLAGE, ...OVERSIGHT, ...OFFICE],
  settingsChange: [...COMMITTEE, "admin"],
  draft: [...COMMITTEE, "admin"],
  records: [...VILLAGE, ...OVERSIGHT],
  record: VILLAGE,
  review: ["panel_member"],
  decide: COMMITTEE,
  reports: [...VILLAGE, ...OVERSIGHT],
  submit: ["grid_leader", "chief_grid_leader"],
  tally: [...VILLAGE, ...OVERSIGHT, ...ABOVE],
  vote: COMMITTEE,
  publish: COMMITTEE,
  notice: [...VILLAGE, ...OVERSIGHT, ...ABOVE, "keeper"],
  objections: [...COMMITTEE, ...OVERSIGHT, ...ABOVE],
  answer: [...COMMITTEE, "township_officer"],
  account: [...COMMITTEE, ...OVERSIGHT, "keeper"],
  people: OFFICE,
  grant: [...ABOVE, "committee_head", "admin"],
  shop: [...COMMITTEE, ...OVERSIGHT, ...ABOVE, "keeper"],
  shopManage: [...COMMITTEE, "keeper"],
  keep: ["keeper"],
  coverage: [...GRID, ...COMMITTEE, ...OVERSIGHT, ...ABOVE],
  visits: [...GRID, ...COMMITTEE],
  events: [...GRID, ...COMMITTEE, ...ABOVE],
  eventReport: [...GRID, ...COMMITTEE],
  eventHandle: [...GRID, ...COMMITTEE, "township_officer"],
  eventFigures: [...GRID, ...COMMITTEE, ...ABOVE, ...OVERSIGHT],
  file: [...GRID, ...COMMITTEE, "admin"],
  factWrite: [...GRID, ...COMMITTEE],
  looks: OVERSIGHT,
  changes: [...COMMITTEE, "admin"],
  complaints: [...COMMITTEE, ...ABOVE, "supervisor"],
  fairness: ["supervisor", "panel_member"],
  burden: [...COMMITTEE, "supervisor", "panel_member"],
  figures: [...VILLAGE, ...OVERSIGHT, ...ABOVE],
  honours: [...VILLAGE, ...OVERSIGHT, ...ABOVE],
  nominate: VILLAGE,
  honourManage: COMMITTEE,
  recommend: COMMITTEE,
  recommendRead: [...COMMITTEE, ...ABOVE],
  audit: ["auditor"],
  above: [...ABOVE, "admin", "auditor"],
} as const satisfies Record<string, string[]> as Record<string, string[]>;

/** Acts about a village as a whole: a role that is held for a grid or a household does not reach them. */
export const WHOLE: string[] = ["settings", "settingsChange", "tally", "figures", "eventFigures", "people", "account", "shop", "shopManage"];

export type Act = string;
