import type { demo as english } from "../demo";
import type { Translation } from "../language";

export const demo: Translation<typeof english> = {
  title: "Eine Besprechung in Ihrer Seite",
  lead: "Diese Seite steht für eine von Ihren. Es gibt sie nur, solange die Site ohne TLS läuft.",
  first: (origin) =>
    `Erlauben Sie dieser Seite zuerst, Besprechungen zu zeigen: Tragen Sie unter Regeln, Einbetten ${origin} ein.`,
  toPolicy: "Regeln",
  link: "Einladungslink",
  linkHint: "Er endet mit # und Buchstaben. Die erfährt nur der Rahmen.",
  linkMissing: "Fügen Sie den Link einer Einladung ein.",
  linkWrong: "Das ist kein Link einer Einladung zu einer Besprechung dieser Site.",
  name: "Name in der Besprechung",
  show: "Besprechung zeigen",
  showing: "Einen Moment…",
  remove: "Aus der Seite nehmen",
  said: "Was der Rahmen dieser Seite gesagt hat",
  nothing: "Noch nichts.",
  yours: "In Ihrer Seite",
};
