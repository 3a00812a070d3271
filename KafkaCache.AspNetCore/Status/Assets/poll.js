// Requests the status from the service every second while the page is visible.

const every = 1000;
const patience = 5000;

export class Poll {
  #onAnswer;
  #onLoss;
  #timer = 0;
  #isAsking = false;

  constructor(onAnswer, onLoss) {
    this.#onAnswer = onAnswer;
    this.#onLoss = onLoss;
    document.addEventListener('visibilitychange', () => this.#next(0));
  }

  start() {
    this.#next(0);
  }

  #next(delay) {
    clearTimeout(this.#timer);
    if (!document.hidden && !this.#isAsking)
      this.#timer = setTimeout(() => this.#ask(), delay);
  }

  async #ask() {
    this.#isAsking = true;
    try {
      this.#onAnswer(await ask());
    } catch (error) {
      this.#onLoss(error instanceof SignInNeeded);
    } finally {
      this.#isAsking = false;
      this.#next(every);
    }
  }
}

class SignInNeeded extends Error {
}

async function ask() {
  const response = await fetch('status', { redirect: 'manual', signal: AbortSignal.timeout(patience) });
  // A redirect leads to a sign-in page.
  if (response.type === 'opaqueredirect' || response.status === 401 || response.status === 403)
    throw new SignInNeeded();
  if (!response.ok)
    throw new Error(`The service answered ${response.status}.`);
  return await response.json();
}
