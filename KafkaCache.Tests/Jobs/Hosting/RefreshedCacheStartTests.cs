using KafkaCaching.Jobs.Hosting;
using KafkaCaching.Jobs.Refreshing;

namespace KafkaCaching.Tests.Jobs.Hosting;

public sealed class RefreshedCacheStartTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Caches_that_wait_for_brokers_wait_at_the_same_time()
    {
        var (first, second) = (new FakeLife(), new FakeLife());
        var starting = Start(first, second).StartAsync(Stop);
        Assert.True(first.Waits);
        Assert.True(second.Waits);

        first.Started.SetResult();
        Assert.False(starting.IsCompleted);
        second.Started.SetResult();
        await starting.WaitAsync(Patience, Stop);
    }

    [Fact]
    public async Task The_first_failure_cancels_the_other_starts_and_is_thrown()
    {
        var (first, second) = (new FakeLife(), new FakeLife());
        var starting = Start(first, second).StartAsync(Stop);

        second.Started.SetException(new InvalidOperationException("unfit"));
        var failed = await Assert.ThrowsAsync<InvalidOperationException>(() => starting.WaitAsync(Patience, Stop));
        Assert.Equal("unfit", failed.Message);
        Assert.True(first.IsCancelled);
    }

    [Fact]
    public async Task All_leave_their_elections_at_the_same_time_when_the_host_stops()
    {
        var (first, second) = (new FakeLife(), new FakeLife());
        var stopping = Start(first, second).StopAsync(Stop);
        Assert.True(first.IsLeaving);
        Assert.True(second.IsLeaving);

        first.Left.SetResult();
        second.Left.SetResult();
        await stopping.WaitAsync(Patience, Stop);
    }

    private static RefreshedCacheStart Start(params FakeLife[] lives) =>
        new(lives.Select(static life => new StartedRefreshedCache(life, Waits: true)));

    private sealed class FakeLife : IRefreshedCacheLife
    {
        public TaskCompletionSource Started { get; } = new();

        public TaskCompletionSource Left { get; } = new();

        public bool Waits { get; private set; }

        public bool IsCancelled { get; private set; }

        public bool IsLeaving { get; private set; }

        public async Task StartAsync(bool waits, CancellationToken cancellationToken)
        {
            Waits = waits;
            try
            {
                await Started.Task.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                IsCancelled = true;
                throw;
            }
        }

        public Task StopAsync()
        {
            IsLeaving = true;
            return Left.Task;
        }
    }
}
