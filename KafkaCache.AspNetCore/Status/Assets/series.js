// Collects the measurements of the last three minutes.

const windowSeconds = 180;

export class Series {
  #points = [];

  add(time, value) {
    this.#points.push({ time, value });
    const first = this.#points.findIndex(point => time - point.time <= windowSeconds);
    if (first > 0)
      this.#points.splice(0, first);
  }

  get points() {
    return this.#points;
  }

  get seconds() {
    return this.#points.length < 2 ? 0 : this.#points.at(-1).time - this.#points[0].time;
  }

  get most() {
    return this.#points.reduce((most, point) => Math.max(most, point.value), 0);
  }
}

// Computes the rate at which a total grows, averaged over the last few seconds, because the rate of a single second fluctuates too much.
export class Rate {
  static #seconds = 5;
  #totals = [];

  // Returns null until there are two totals to compare.
  add(time, total) {
    // The total has decreased, so the service has restarted.
    if (this.#totals.length > 0 && total < this.#totals.at(-1).total)
      this.#totals = [];
    this.#totals.push({ time, total });
    while (this.#totals.length > 2 && time - this.#totals[1].time >= Rate.#seconds)
      this.#totals.shift();
    const first = this.#totals[0];
    return time > first.time ? (total - first.total) / (time - first.time) : null;
  }
}
