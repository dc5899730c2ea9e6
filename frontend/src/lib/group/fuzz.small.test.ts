import { describeLives, full } from "./life.fixture";

// What the official vectors do not reach. Nine thousand steps of small groups,
// whose trees have corners of their own; a few of them in every run.
describeLives({ count: full ? 300 : 4, steps: 30, sizes: [3, 4, 5, 8] });
