/** What went wrong with a request: what happened, whether anything was lost, what to do now. */
export const problems = {
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
    seconds > 0
      ? `Wait ${seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`}, then try again.`
      : "Wait a minute, then try again.",
  busy: "The server is busy. Nothing was changed. Try again in a moment.",
  unavailable:
    "The server cannot keep its records at the moment, so no meeting can start. Nothing was changed. Try again soon.",
  in_progress: "The meeting is running, so it cannot be deleted. End it first.",
  join_refused:
    "Number and password do not open a meeting. Check both with the person who invited you, then try again.",
  meeting_ended: "The meeting has ended. If the host starts it again, you can join again.",
  not_found: "This is not here any more. It may have been deleted.",
};
