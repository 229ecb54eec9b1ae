/* queues.js - the ready deque and the heap, folded by heapq's own rules, so
 * that the heap's array is exact. */
/* heapq, of [when, handle], which compares deadlines alone. */
const heapq = {
  siftdown(heap, start, at) {
    const item = heap[at];
    while (at > start) {
      const above = (at - 1) >> 1;
      if (!(item[0] < heap[above][0])) break;
      heap[at] = heap[above];
      at = above;
    }
    heap[at] = item;
  },
  siftup(heap, at) {
    const start = at, item = heap[at];
    for (let child = 2 * at + 1; child < heap.length; child = 2 * at + 1) {
      const right = child + 1;
      if (right < heap.length && !(heap[child][0] < heap[right][0]))
        child = right;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = item;
    heapq.siftdown(heap, start, at);
  },
  push(heap, item) {
    heap.push(item);
    heapq.siftdown(heap, 0, heap.length - 1);
  },
  pop(heap) {
    const last = heap.pop();
    if (heap.length === 0) return;
    heap[0] = last;
    heapq.siftup(heap, 0);
  },
  heapify(heap) {
    for (let at = (heap.length >> 1) - 1; at >= 0; at--)
      heapq.siftup(heap, at);
  },
};

class Queues {
  constructor() { this.loops = new Map(); }

  of(loop) {
    if (!this.loops.has(loop))
      this.loops.set(loop, {ready: [], head: 0, heap: []});
    return this.loops.get(loop);
  }

  copy() {
    const copy = new Queues();
    for (const [loop, {ready, head, heap}] of this.loops)
      copy.loops.set(loop, {ready: ready.slice(head), head: 0,
        heap: heap.slice()});
    return copy;
  }

  ready(loop) {
    const {ready, head} = this.of(loop);
    return ready.slice(head);
  }

  heap(loop) { return this.of(loop).heap; }

  take(queue, handle) {
    if (queue.ready[queue.head] !== handle) return;
    if (++queue.head > 1024 && queue.head * 2 > queue.ready.length) {
      queue.ready = queue.ready.slice(queue.head);
      queue.head = 0;
    }
  }

  apply(event, handles) {
    const queue = this.of(event.loop);
    switch (event.e) {
    case "call_soon":
    case "call_soon_threadsafe":
    case "ready":
      queue.ready.push(event.h);
      break;
    case "call_at":
      heapq.push(queue.heap, [event.when ?? Infinity, event.h]);
      break;
    case "due":
      heapq.pop(queue.heap);
      queue.ready.push(event.h);
      break;
    case "prune":
      heapq.pop(queue.heap);
      break;
    case "compact":
      queue.heap = queue.heap.filter(
        ([, handle]) => !(handles.get(handle)?.cancelled < event.i));
      heapq.heapify(queue.heap);
      break;
    case "run":
    case "skip":
      this.take(queue, event.h);
      break;
    case "close":
      Object.assign(queue, {ready: [], head: 0, heap: []});
      break;
    }
  }
}
