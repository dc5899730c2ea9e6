import "../style/tokens.css";
import "../style/base.css";
import "../style/controls.css";
import "../style/front.css";
import "../style/frame.css";
import { listenToParent } from "../lib/parent";
import { startRouter } from "./router";

listenToParent();
const root = document.getElementById("app");
if (root) void startRouter(root);
