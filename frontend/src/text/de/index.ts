import { account } from "./account";
import { after } from "./after";
import { audit } from "./audit";
import { chat } from "./chat";
import { common } from "./common";
import { content } from "./content";
import { demo } from "./demo";
import { devices } from "./devices";
import { embed } from "./embed";
import { embedding } from "./embedding";
import { join } from "./join";
import { meetings } from "./meetings";
import { moderation } from "./moderation";
import { moved } from "./moved";
import { people } from "./people";
import { pictures } from "./pictures";
import { policy } from "./policy";
import { problems } from "./problems";
import { profile } from "./profile";
import { reports } from "./reports";
import { room } from "./room";
import { security } from "./security";
import { sharing } from "./sharing";
import { signin } from "./signin";
import { talk } from "./talk";
import { webhooks } from "./webhooks";

/** All the German there is, by catalogue. */
export const words = {
  account,
  after,
  audit,
  chat,
  common,
  content,
  demo,
  devices,
  embed,
  embedding,
  join,
  meetings,
  moderation,
  moved,
  people,
  pictures,
  policy,
  problems,
  profile,
  reports,
  room,
  security,
  sharing,
  signin,
  talk,
  webhooks,
};
