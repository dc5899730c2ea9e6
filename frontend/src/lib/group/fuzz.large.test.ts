import { describeLives, full } from "./life.fixture";

// A thousand steps of groups that grow to forty members; a few of them in every run.
describeLives({ count: full ? 5 : 1, steps: full ? 200 : 30, sizes: [40] });
