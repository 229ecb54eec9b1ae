// prng.mjs - random choices that a seed repeats: sfc32, seeded by text.

function hash(text) {
  let h = 2166136261;
  for (const c of text) h = Math.imul(h ^ c.codePointAt(0), 16777619);
  return () => {
    h = Math.imul(h ^ (h >>> 16), 2246822507);
    h = Math.imul(h ^ (h >>> 13), 3266489909);
    return (h ^= h >>> 16) >>> 0;
  };
}

export class Random {
  constructor(seed) {
    const next = hash(String(seed));
    [this.a, this.b, this.c, this.d] = [next(), next(), next(), 1];
    for (let i = 0; i < 12; i++) this.bits();
  }

  bits() {
    const t = (((this.a + this.b) | 0) + this.d) | 0;
    this.d = (this.d + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (this.c << 21) | (this.c >>> 11);
    this.c = (this.c + t) | 0;
    return t >>> 0;
  }

  real() { return this.bits() / 4294967296; }
  below(n) { return Math.floor(this.real() * n); }
  between(low, high) { return low + this.below(high - low + 1); }
  chance(p) { return this.real() < p; }
  pick(list) { return list[this.below(list.length)]; }

  // An entry of [[weight, value], ...].
  weighted(entries) {
    const total = entries.reduce((sum, [weight]) => sum + weight, 0);
    let at = this.real() * total;
    for (const [weight, value] of entries) {
      at -= weight;
      if (at < 0) return value;
    }
    return entries[entries.length - 1][1];
  }

  shuffled(list) {
    const result = [...list];
    for (let i = result.length - 1; i > 0; i--) {
      const k = this.below(i + 1);
      [result[i], result[k]] = [result[k], result[i]];
    }
    return result;
  }
}
