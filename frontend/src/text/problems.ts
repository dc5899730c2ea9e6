import { catalogue, grammar } from "./language";

const { plural } = grammar("en");

/** What went wrong with a request: what happened, whether anything was lost, what to do now. */
export const problems = catalogue("problems", {
  unreachable:
    "The server did not answer. Nothing was changed. Check your network, then try again.",
  internal:
    "Something went wrong on the server. Try again; if it stays, tell the person who runs it.",
  invalid: "The server did not accept this. Check the fields, then try again.",
  setup_closed:
    "This set-up link was used already or is not the newest. Sign in, or restart the server to get a new link.",
  login_refused: "Email and password do not match an account here. Check both, then try again.",
  login_required: "You are not signed in any more. Nothing was changed. Sign in, then try again.",
  too_many_attempts: "Too many attempts. Nothing is locked.",
  wait: (seconds: number) =>
    seconds > 0 && seconds < 90
      ? plural(seconds, {
          one: "Wait # second, then try again.",
          other: "Wait # seconds, then try again.",
        })
      : plural(Math.ceil(seconds / 60) || 1, {
          one: "Wait # minute, then try again.",
          other: "Wait # minutes, then try again.",
        }),
  busy: "The server is busy. Nothing was changed. Try again in a moment.",
  unavailable:
    "The server cannot keep its records at the moment, so no meeting can start. Nothing was changed. Try again soon.",
  stale:
    "Somebody changed this meanwhile, perhaps you in another window. Load the page again, then make your change.",
  in_progress: "The meeting is running, so it cannot be deleted. End it first.",
  join_refused:
    "Number and password do not open a meeting. Check both with the person who invited you, then try again.",
  embedding_refused:
    "This site does not let the page around this one show its meetings. You can open the meeting in a tab of its own.",
  disclaimer_changed:
    "The text you agreed to has just changed. Read it, tick the box again, then join.",
  email_required: "The meeting asks for your email address. Enter it, then join.",
  meeting_ended: "The meeting has ended. If the host starts it again, you can join again.",
  key_known:
    "This key is, or was, registered at this site. Make a new pair, and add its public key.",
  not_found: "This is not here any more. It may have been deleted.",
  second_factor_required: "The password is right. Now sign in with your passkey.",
  second_factor_needed:
    "This site wants a second factor of you. Set one up under Sign-in and security.",
  fresh_login_needed:
    "Nothing was changed. Sign in again, with your second factor if you have one, then change it.",
  passkeys_unavailable:
    "Passkeys do not work at this address. They need the site's own name with https.",
  passkey_refused: "This passkey does not open an account here. Sign in another way.",
  code_refused: "The code is wrong or was used already. Wait for the next one, then try again.",
  expired: "This took too long, or was done already. Begin anew.",
  last_way_in: "Without this you could not sign in any more. Set up another way first.",
  no_account: "Nobody has made an account here for you. Ask the administrator of this site.",
  account_exists:
    "There is an account with your e-mail address. Sign in with its password, and link the two under Sign-in and security.",
  identity_taken: "Your account there is linked with an account here already.",
  signin_not_begun: "This sign-in was not begun in this browser, or took too long. Begin anew.",
  provider_failed: "The other site did not answer as it should. Try again, or sign in another way.",
  provider_refused: "The other site did not sign you in. Try again, or sign in another way.",
  email_unverified:
    "The other site does not vouch for your e-mail address. Confirm it there first.",
  email_not_allowed: "This site lets people in with other e-mail addresses than yours.",
});
