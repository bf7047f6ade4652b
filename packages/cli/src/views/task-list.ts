import type { BuildEvent } from '../engine/engine.ts';

/** A task that runs now. */
export interface RunningTask {
  readonly id: string;
  readonly title: string;
  readonly startedAt: number;
  readonly percent: number | undefined;
  readonly note: string;
}

/** What runs and what still waits, kept from the events. */
export class TaskList {
  private readonly runningTasks = new Map<string, RunningTask>();
  private readonly pendingTasks = new Map<string, string>();
  private readonly ended = new Set<string>();
  private widest = 0;
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  get running(): readonly RunningTask[] {
    return [...this.runningTasks.values()];
  }

  /** Titles of planned tasks that have not begun, in the order of the plan. */
  get pending(): readonly string[] {
    return [...this.pendingTasks.values()];
  }

  /** Columns that the longest title takes. */
  get titleWidth(): number {
    return this.widest;
  }

  update(event: BuildEvent): void {
    if (event.type === 'planned') {
      for (const { id, title } of event.tasks) this.expect(id, title);
    } else if (event.type === 'task-started') {
      this.start(event.task, event.title);
    } else if (event.type === 'task-progress') {
      const task = this.runningTasks.get(event.task);
      if (!task) return;
      this.runningTasks.set(event.task, {
        ...task,
        percent: event.percent ?? task.percent,
        note: event.note ?? task.note,
      });
    } else if (event.type === 'task-finished' || event.type === 'task-failed') {
      this.runningTasks.delete(event.task);
      this.pendingTasks.delete(event.task);
      this.ended.add(event.task);
      this.widen(event.title);
    }
  }

  private expect(id: string, title: string): void {
    if (this.ended.has(id) || this.runningTasks.has(id)) return;
    this.pendingTasks.set(id, title);
    this.widen(title);
  }

  private start(id: string, title: string): void {
    this.pendingTasks.delete(id);
    const task = { id, title, startedAt: this.now(), percent: undefined, note: '' };
    this.runningTasks.set(id, task);
    this.widen(title);
  }

  private widen(title: string): void {
    this.widest = Math.max(this.widest, title.length);
  }
}
