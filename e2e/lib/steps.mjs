// What people do, step by step, by the names of what is on screen.

import { until } from "./server.mjs";

export const password = "a quiet room with a good door";

/** Sets up the first administrator and leaves them at their meetings. */
export async function setUp(person, server, name = "Ada Host") {
  await person.goto(server.setupLink);
  await person.fill("Your name", name);
  await person.fill("Email", "ada@example.org");
  await person.fill("Password", password);
  await person.press("Set up");
  await person.sees("Schedule a meeting");
}

/** Schedules a meeting and returns its link, number and password. */
export async function schedule(person, title, meetingPassword = "open sesame") {
  await person.press("Schedule a meeting");
  await person.fill("Title", title);
  await person.fill("Meeting password", meetingPassword);
  await person.press("Schedule");
  const link = await until("the invite link", async () => (await person.text()).match(/http\S+\/j\/\d{11}#\S+/)?.[0]);
  return { link, number: link.match(/\/j\/(\d{11})#/)[1], password: meetingPassword };
}

/** Comes to the door by link, says a name, and waits to be in. */
export async function joinByLink(person, link, name) {
  await knock(person, link, name);
  await inRoom(person);
}

/** Comes to the door by link, says a name, and presses Join. */
export async function knock(person, link, name) {
  await person.goto(link);
  await person.fill("Your name", name);
  await person.press("Join");
}

/** Presses Join at the door and waits to be in. */
export async function enter(person) {
  await person.press("Join");
  await inRoom(person);
}

/**
 * Waits until somebody is in the room, with nothing in front of it. One may leave
 * from the door, too, but not look who is there.
 */
export async function inRoom(person) {
  const open = () => document.querySelector(".room-inside:not([inert])") !== null;
  await until(`the room in ${person.browser}`, async () => (await person.evaluate(open)) && person.has("Participants"));
}

/** A host with a meeting that runs, and is in it. */
export async function host(person, server, title) {
  await setUp(person, server);
  const meeting = await schedule(person, title);
  await person.press("Start");
  await enter(person);
  return meeting;
}

/** Opens a panel beside the stage, unless it is open, and returns what stands in it. */
export async function panel(person, name) {
  const read = () => person.evaluate((n) => document.querySelector(`.panel[aria-label="${n}"]`)?.innerText ?? "", name);
  await inRoom(person);
  if (!(await read())) await person.press(name);
  return until(`the panel ${name} in ${person.browser}`, read);
}

/** The code to compare, as it stands in the panel: thirty digits. */
export async function securityCode(person) {
  await panel(person, "Security");
  const digits = () =>
    person.evaluate(() => document.querySelector('[aria-label="Security code"]')?.textContent.replace(/\D/g, ""));
  return until("the security code", digits);
}

/** Sets whether hosts are asked before somebody comes in. */
export async function askFirst(host, on) {
  await panel(host, "Participants");
  const box = host.page.getByLabel("Ask before people come in", { exact: true });
  if ((await box.isChecked()) !== on) await box.click();
  await until(`a lobby: ${on}`, async () => (await box.isChecked()) === on);
}

/** The host takes somebody out, and answers the question whether to. */
export async function expel(host, name) {
  await panel(host, "Participants");
  await host.press(`Actions for ${name}`);
  await host.choose("Expel");
  await host.page.getByRole("dialog").getByRole("button", { name: "Expel", exact: true }).click();
}

/** Writes into the chat, to everyone or to whom is named. */
export async function write(person, text, to = "Everyone") {
  await panel(person, "Chat");
  await person.select("To", to);
  await person.fill("Message", text);
  await person.press("Send");
  await until("the message on its way", async () => (await panel(person, "Chat")).includes(text));
}

/** Ends the meeting for everyone, and answers the question whether to. */
export async function endForEveryone(person) {
  await person.press("End for everyone");
  await person.page.getByRole("dialog").getByRole("button", { name: "End for everyone", exact: true }).click();
  await person.sees("The meeting has ended");
}
