namespace KafkaCaching.Tests.Histories.InMemory;

/// <summary>The clock of one cache. It tracks whether the replay thread and the poller of the topic wait for it.</summary>
/// <param name="lockstep">Controls the replay thread.</param>
/// <param name="replayThread">The name of the replay thread.</param>
/// <param name="start">The time at the beginning.</param>
internal sealed class HistoryClock(Lockstep lockstep, string replayThread, DateTimeOffset start) : TimeProvider
{
    public static readonly DateTimeOffset UsualStart = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan WatchPatience = TimeSpan.FromSeconds(60);

    // How long the replay thread waits for another thread to load a file. This wait does not depend on the history.
    private static readonly TimeSpan LoadPatience = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _clock = new(start);
    private readonly object _gate = new();
    private int _watchesWaiting;

    /// <summary>Called on the replay thread before it waits for a snapshot to be loaded.</summary>
    public Action AwaitsLoad { get; init; } = static () => { };

    public override long TimestampFrequency => _clock.TimestampFrequency;

    public TimeSpan Now => _clock.GetUtcNow() - _clock.Start;

    public override long GetTimestamp() => _clock.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => _clock.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (state is not Task)
            return _clock.CreateTimer(callback, state, dueTime, period);
        if (Thread.CurrentThread.Name == replayThread && dueTime == LoadPatience)
        {
            AwaitsLoad();
            return _clock.CreateTimer(callback, state, dueTime, period);
        }

        if (Thread.CurrentThread.Name == replayThread)
        {
            var delay = _clock.CreateTimer(
                s =>
                {
                    lockstep.DelayEnds();
                    callback(s);
                },
                state, dueTime, period);
            lockstep.Delays();
            return delay;
        }

        var waits = new WatchWaits(this);
        var timer = _clock.CreateTimer(
            s =>
            {
                waits.End();
                callback(s);
            },
            state, dueTime, period);
        Count(1);
        return new WatchTimer(waits, timer);
    }

    public void Advance(TimeSpan by)
    {
        for (var passed = TimeSpan.Zero; passed < by; passed += Tick)
        {
            _clock.Advance(Tick);
            AwaitRest();
        }
    }

    /// <summary>Waits until the replay thread and the poller are idle. The poller runs on pool threads, so without this wait, a history
    /// would not be deterministic.</summary>
    public void AwaitRest()
    {
        lockstep.Settle();
        if (!lockstep.IsAtSource)
            return;
        lock (_gate)
        {
            while (_watchesWaiting == 0)
            {
                if (!Monitor.Wait(_gate, WatchPatience))
                    Assert.Fail("Nobody watches the head of the log.");
            }
        }
    }

    private void Count(int change)
    {
        lock (_gate)
        {
            _watchesWaiting += change;
            Monitor.PulseAll(_gate);
        }
    }

    private sealed class WatchWaits(HistoryClock clock)
    {
        private int _ended;

        // Called when the timer fires and not only when it is disposed, because the code that created it may not have its reference yet and
        // disposes of it later.
        public void End()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
                clock.Count(-1);
        }
    }

    private sealed class WatchTimer(WatchWaits waits, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            timer.Dispose();
            waits.End();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
