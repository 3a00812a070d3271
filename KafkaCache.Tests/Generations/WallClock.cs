namespace KafkaCaching.Tests.Generations;

/// <summary>A clock whose time of day can be set independently of its timestamps, as when a virtual machine is suspended or the system
/// clock is set. It counts the timers that are created, so that a test can detect that the code under test waits.</summary>
internal sealed class WallClock : FakeTimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<(int Timers, TaskCompletionSource Made)> _awaited = [];
    private long _jumped;
    private int _timers;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Volatile.Read(ref _jumped));

    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    public void Jump(TimeSpan by) => Interlocked.Add(ref _jumped, by.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        lock (_gate)
        {
            _timers++;
            foreach (var (_, made) in _awaited.Where(one => one.Timers <= _timers))
                made.TrySetResult();
        }

        return timer;
    }

    /// <summary>Waits until the given number of timers have been created in total.</summary>
    public Task TimersAsync(int timers)
    {
        lock (_gate)
        {
            if (_timers >= timers)
                return Task.CompletedTask;
            var made = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((timers, made));
            return made.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }
    }
}
