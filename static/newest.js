/* Which answer counts? That of an older question never replaces that of a newer one.
 *
 *   const asked = this.newest.ask();
 *   const told = await …;
 *   if (this.newest.accepts(asked)) this.take(told);
 */

export class Newest {
  constructor() {
    this.asked = this.accepted = 0;
  }

  ask() {
    this.asked += 1;
    return this.asked;
  }

  /** Until a newer question is answered, an older one's answer is better than none. */
  accepts(asked) {
    const isNews = asked > this.accepted;
    if (isNews) this.accepted = asked;
    return isNews;
  }
}
