import "../style/tokens.css";
import "../style/base.css";
import "../style/controls.css";
import "../style/front.css";
import "../style/frame.css";
import { startRouter } from "./router";

const root = document.getElementById("app");
if (root) void startRouter(root);
