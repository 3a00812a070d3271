using KafkaCaching.Tests.Brokers;
using KafkaCaching.Waiting;

namespace KafkaCaching.Tests.Waiting;

public sealed class CompletionTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_first_outcome_counts_for_blocked_and_awaiting_alike()
    {
        var completion = new Completion<int>();
        var awaited = completion.Task;
        var blocked = Task.Run(
            () => completion.Wait(Long, TimeProvider.System) ? completion.Result : -1, TestContext.Current.CancellationToken);

        Assert.False(completion.IsDone);
        Assert.True(completion.TrySet(7));
        Assert.False(completion.TrySet(8));
        Assert.False(completion.TryFail(new InvalidOperationException()));

        Assert.Equal(7, await awaited);
        Assert.Equal(7, await blocked);
        Assert.Equal(7, await completion.Task);
        Assert.Equal(7, completion.Result);
    }

    [Fact]
    public async Task A_failure_reaches_everyone_with_its_own_type()
    {
        var completion = new Completion<int>();
        var awaited = completion.Task;
        completion.TryFail(new FormatException("why"));

        Assert.Equal("why", (await Assert.ThrowsAsync<FormatException>(() => awaited)).Message);
        Assert.True(completion.Wait(Long, TimeProvider.System));
        Assert.Throws<FormatException>(() => completion.Result);
        await Assert.ThrowsAsync<FormatException>(() => completion.Task);
    }

    [Fact]
    public void Asking_for_the_result_too_early_says_so() => Assert.Throws<InvalidOperationException>(() => new Completion<int>().Result);

    [Fact]
    public void A_wait_ends_in_time()
    {
        var completion = new Completion<int>();
        Assert.False(completion.Wait(TimeSpan.Zero, TimeProvider.System));
        Assert.False(completion.Wait(TimeSpan.FromMilliseconds(20), TimeProvider.System));
    }

    [Fact]
    public async Task A_wait_by_a_clock_of_the_callers_own_ends_when_that_clock_says_so()
    {
        var clock = new FakeTimeProvider();
        var completion = new Completion<int>();
        var blocked = Task.Run(() => completion.Wait(TimeSpan.FromHours(2), clock), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() =>
        {
            clock.Advance(TimeSpan.FromHours(1));
            return blocked.IsCompleted;
        });
        Assert.False(await blocked);
    }

    // System timers have a resolution of a millisecond and can fire slightly before the time is reached on the more precise clock of
    // timestamps.
    [Fact]
    public async Task A_timer_that_fires_early_does_not_leave_the_wait_hanging()
    {
        var completion = new Completion<int>();
        var blocked = Task.Run(() => completion.Wait(TimeSpan.FromSeconds(1), new EarlyTimers()), TestContext.Current.CancellationToken);
        Assert.False(await blocked.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_continuation_does_not_run_on_the_thread_that_completes()
    {
        var completion = new Completion<int>();
        var thread = 0;
        var continued = completion.Task.ContinueWith(
            _ => thread =
                Environment.CurrentManagedThreadId, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        var completer = new Thread(() => completion.TrySet(1));
        completer.Start();
        var completerId = completer.ManagedThreadId;
        completer.Join();
        await continued;
        Assert.NotEqual(completerId, thread);
    }

    [Fact]
    public async Task Soak_many_waiters_of_every_kind_race_with_the_outcome()
    {
        for (var round = 0; round < 300; round++)
        {
            var completion = new Completion<int>();
            using var together = new Barrier(5);
            var wins = 0;
            var racers = new[] { Race(Complete), Race(Complete), Race(Block), Race(Block), Race(Await) };
            await Task.WhenAll(racers).WaitAsync(Long, TestContext.Current.CancellationToken);
            Assert.Equal(1, wins);

            Task Race(Action action) => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait();
                    action();
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);

            void Complete()
            {
                if (completion.TrySet(1))
                    Interlocked.Increment(ref wins);
            }

            void Block() => Assert.True(completion.Wait(Long, TimeProvider.System));

            void Await() => completion.Task.Wait(Long);
        }
    }

    private sealed class EarlyTimers : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, dueTime * 0.5, period);
    }
}
