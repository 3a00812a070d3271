// The measurements of the last minutes, or since the page was opened.

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

// How fast a total grows. It is averaged over the last few seconds, because the rate of a single second would fluctuate.
export class Rate {
  static #seconds = 5;
  #totals = [];

  // Returns null while there is nothing to compare with.
  add(time, total) {
    // The service has restarted, so the measurement starts over.
    if (this.#totals.length > 0 && total < this.#totals.at(-1).total)
      this.#totals = [];
    this.#totals.push({ time, total });
    while (this.#totals.length > 2 && time - this.#totals[1].time >= Rate.#seconds)
      this.#totals.shift();
    const first = this.#totals[0];
    return time > first.time ? (total - first.total) / (time - first.time) : null;
  }
}
