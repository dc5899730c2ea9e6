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

/** Starts the newest meeting, and joins it. */
export async function startAndJoin(person) {
  await person.press("Start");
  await person.sees("Join");
  await enter(person);
}

/** Comes to the door by link, says a name, and waits to be in. */
export async function joinByLink(person, link, name) {
  await knock(person, link, name);
  await person.sees("Leave");
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
  await until("the room", () => person.has("Leave"));
}

/** Ends the meeting for everyone, and answers the question whether to. */
export async function endForEveryone(person) {
  await person.press("End for everyone");
  await person.page.getByRole("dialog").getByRole("button", { name: "End for everyone", exact: true }).click();
  await person.sees("The meeting has ended");
}
